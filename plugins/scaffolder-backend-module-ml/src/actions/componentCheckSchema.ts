import { CHOICE_OPTIONS } from '@greenroom/plugin-scaffolder-ml-common';
import type { z as zod } from 'zod/v3';

type Zod = typeof zod;

// zod wants a tuple; every choice has at least one option.
const valuesOf = <T extends string>(options: Record<T, unknown>) =>
  Object.keys(options) as [T, ...T[]];

/** Input and output of `ml:component:check`. */
export const componentCheckSchema = {
  input: {
    name: (z: Zod) => z.string().describe('Name of the component'),
    description: (z: Zod) => z.string().describe('One line of description'),
    owner: (z: Zod) => z.string().describe('Entity reference of the owner'),
    system: (z: Zod) =>
      z.string().describe('Entity reference of the system').optional(),
    repository: (z: Zod) =>
      z
        .object({
          host: z.string(),
          owner: z.string(),
          name: z.string().optional(),
          visibility: z.enum(['private', 'internal', 'public']).optional(),
        })
        .describe('The repository; its name is the component’s by default'),
    gate: (z: Zod) =>
      z
        .object({
          task: z.enum(['classification', 'regression']),
          metric: z.string(),
          threshold: z.number(),
        })
        .describe('The quality gate'),
    model: (z: Zod) =>
      z
        .object({
          framework: z.enum(valuesOf(CHOICE_OPTIONS.framework)),
          format: z.enum(valuesOf(CHOICE_OPTIONS.format)),
        })
        .partial()
        .describe('What trains and stores the model; scikit-learn, native')
        .optional(),
    delivery: (z: Zod) =>
      z
        .object({
          serving: z.enum(valuesOf(CHOICE_OPTIONS.serving)),
          registry: z.enum(valuesOf(CHOICE_OPTIONS.registry)),
          registryNamespace: z.string(),
          mlflowAccess: z.enum(valuesOf(CHOICE_OPTIONS.mlflowAccess)),
          environments: z.enum(valuesOf(CHOICE_OPTIONS.environments)),
          canary: z.enum(valuesOf(CHOICE_OPTIONS.canary)),
          driftMonitor: z.boolean(),
          gpu: z.boolean(),
          manifestsRepository: z.string(),
        })
        .partial()
        .describe(
          'How the model reaches production; what is missing has the default of the form',
        )
        .optional(),
    data: (z: Zod) =>
      z
        .object({
          dataset: z.string(),
          target: z.string(),
          task: z.string(),
          digest: z.string().optional(),
          dataUrl: z.string().optional(),
          textColumns: z.array(z.string()).optional(),
        })
        .describe('What ml:dataset:prepare answered'),
    mlflowInstance: (z: Zod) =>
      z.string().describe('MLflow instance; the default one').optional(),
    token: (z: Zod) =>
      z.string().describe('GitHub token of the user').optional(),
  },
  output: {
    entityRef: (z: Zod) => z.string().describe('The component to be'),
    entityUrl: (z: Zod) => z.string().describe('Its page in the portal'),
    owner: (z: Zod) =>
      z.string().describe('Full entity reference of the owner'),
    system: (z: Zod) =>
      z.string().describe('Full entity reference of the system, or empty'),
    packageName: (z: Zod) => z.string().describe('Its Python package'),
    direction: (z: Zod) =>
      z.enum(['maximize', 'minimize']).describe('Which values are better'),
    experimentName: (z: Zod) => z.string().describe('Its MLflow experiment'),
    registeredModel: (z: Zod) => z.string().describe('Its registered model'),
    mlflowInstance: (z: Zod) => z.string().describe('The MLflow instance'),
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
    framework: (z: Zod) =>
      z.enum(valuesOf(CHOICE_OPTIONS.framework)).describe('What trains it'),
    format: (z: Zod) =>
      z.enum(valuesOf(CHOICE_OPTIONS.format)).describe('How it is stored'),
    serving: (z: Zod) =>
      z.enum(valuesOf(CHOICE_OPTIONS.serving)).describe('What serves it'),
    registry: (z: Zod) =>
      z.string().describe('Where its image goes: ghcr, docker-hub or empty'),
    image: (z: Zod) =>
      z
        .string()
        .describe('Its image without tag, ghcr.io/acme/churn-risk, or empty'),
    mlflowAccess: (z: Zod) =>
      z
        .enum(valuesOf(CHOICE_OPTIONS.mlflowAccess))
        .describe('How its pipeline reaches MLflow'),
    environments: (z: Zod) =>
      z
        .array(z.enum(['dev', 'staging', 'prod']))
        .describe('The environments, in the order of a release'),
    canary: (z: Zod) =>
      z
        .enum(valuesOf(CHOICE_OPTIONS.canary))
        .describe('How traffic moves to a new version'),
    driftMonitor: (z: Zod) =>
      z.boolean().describe('Whether it counts what drift is seen by'),
    gpu: (z: Zod) => z.boolean().describe('Whether it is served on a GPU'),
    manifestsRepository: (z: Zod) =>
      z.string().describe('The GitOps repository, acme/infra-manifests'),
    team: (z: Zod) =>
      z.string().describe('Its team, by which namespaces are named'),
    templateRef: (z: Zod) => z.string().describe('The template that runs'),
    templateVersion: (z: Zod) => z.string().describe('Its version'),
    recordedValues: (z: Zod) =>
      z
        .record(z.union([z.string(), z.number(), z.boolean()]))
        .describe('What ml:template:record is to write'),
  },
};
