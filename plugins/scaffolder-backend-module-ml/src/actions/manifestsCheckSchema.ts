import type { z as zod } from 'zod/v3';

type Zod = typeof zod;

/** Input and output of `ml:manifests:check`. */
export const manifestsCheckSchema = {
  input: {
    name: (z: Zod) => z.string().describe('Name of the component'),
    description: (z: Zod) => z.string().describe('One line of description'),
    owner: (z: Zod) =>
      z.string().describe('Entity reference of the group that owns it'),
    teams: (z: Zod) =>
      z
        .array(z.string())
        .min(1)
        .describe('Entity references of the groups whose models run'),
    images: (z: Zod) =>
      z
        .array(z.string())
        .describe(
          'Prefixes of images that are allowed beside the organisation’s own at ghcr.io',
        )
        .optional(),
    repository: (z: Zod) =>
      z
        .object({
          host: z.string(),
          owner: z.string(),
          name: z.string().optional(),
          visibility: z.enum(['private', 'internal', 'public']).optional(),
        })
        .describe('The repository; its name is the component’s by default'),
    settings: (z: Zod) =>
      z
        .object({
          environments: z.enum(['dev', 'dev-prod', 'dev-staging-prod']),
        })
        .catchall(z.union([z.string(), z.number(), z.boolean()]))
        .describe('All other answers, by which an earlier try is recognised'),
    token: (z: Zod) =>
      z.string().describe('GitHub token of the user').optional(),
  },
  output: {
    entityRef: (z: Zod) => z.string().describe('The component to be'),
    entityUrl: (z: Zod) => z.string().describe('Its page in the portal'),
    owner: (z: Zod) =>
      z.string().describe('Full entity reference of the owner'),
    teams: (z: Zod) =>
      z
        .array(z.string())
        .describe('The names of the teams, as namespaces begin with them'),
    images: (z: Zod) =>
      z.array(z.string()).describe('Prefixes of all images that are allowed'),
    environments: (z: Zod) =>
      z.array(z.string()).describe('The environments, in order'),
    namespaces: (z: Zod) =>
      z
        .array(z.object({ team: z.string(), environment: z.string() }))
        .describe('Each team with each environment'),
    repoUrl: (z: Zod) =>
      z.string().describe('The repository as publish:github takes it'),
    repositoryName: (z: Zod) => z.string().describe('Name of the repository'),
    repositoryUrl: (z: Zod) => z.string().describe('Page of the repository'),
    catalogInfoUrl: (z: Zod) =>
      z.string().describe('What catalog:register is to register'),
    repositoryState: (z: Zod) =>
      z
        .enum(['absent', 'empty', 'filled'])
        .describe('What an earlier try has made of the repository'),
    publication: (z: Zod) =>
      z
        .object({
          homepage: z.string(),
          mark: z.string(),
          unfinished: z.boolean(),
        })
        .describe(
          'The homepage of the repository while it is made, the mark for its record, and whether it is still in the making',
        ),
    visibility: (z: Zod) =>
      z.enum(['private', 'internal', 'public']).describe('Who may see it'),
    registered: (z: Zod) =>
      z.boolean().describe('Whether the catalog reads from there already'),
    templateRef: (z: Zod) => z.string().describe('The template that runs'),
    templateVersion: (z: Zod) => z.string().describe('Its version'),
    recordedValues: (z: Zod) =>
      z
        .record(z.union([z.string(), z.number(), z.boolean()]))
        .describe('What ml:template:record is to write'),
  },
};
