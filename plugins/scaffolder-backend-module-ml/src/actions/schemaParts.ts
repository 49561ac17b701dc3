// SPDX-License-Identifier: Apache-2.0
import type { z as zod } from 'zod/v3';

/** Of the zod that Backstage hands to a schema. */
export type Zod = typeof zod;

/** An answer as `ml:template:record` writes it. */
export const answer = (z: Zod) =>
  z.union([z.string(), z.number(), z.boolean()]);

export const repoUrl = (z: Zod) =>
  z.string().describe('For example github.com?owner=my-organisation&repo=name');

export const token = (z: Zod) =>
  z.string().describe('GitHub token of the user').optional();

const visibility = (z: Zod) => z.enum(['private', 'internal', 'public']);

/** What both checks are told. */
export const checkInput = {
  name: (z: Zod) => z.string().describe('Name of the component'),
  description: (z: Zod) => z.string().describe('One line of description'),
  owner: (z: Zod) => z.string().describe('Entity reference of the owner'),
  repository: (z: Zod) =>
    z
      .object({
        host: z.string(),
        owner: z.string(),
        name: z.string().optional(),
        visibility: visibility(z).optional(),
      })
      .describe('The repository; its name is the component’s by default'),
  token,
};

/** What both skeletons are told. */
export const skeletonValues = (z: Zod) => ({
  name: z.string().describe('Name of the component'),
  description: z.string(),
  owner: z.string().describe('Full entity reference of the owner'),
  repoHost: z.string(),
  repoOwner: z.string(),
  repoName: z.string(),
  repoUrl: z.string().describe('Page of the repository'),
  templateRef: z.string().describe('The template that runs'),
  templateVersion: z.string(),
});

/** What both checks answer to the steps that publish. */
export const checkOutput = {
  entityRef: (z: Zod) => z.string().describe('The component to be'),
  entityUrl: (z: Zod) => z.string().describe('Its page in the portal'),
  repoUrl: (z: Zod) =>
    z.string().describe('The repository as publish:github takes it'),
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
  visibility: (z: Zod) => visibility(z).describe('Who may see it'),
  registered: (z: Zod) =>
    z.boolean().describe('Whether the catalog reads from there already'),
  recordedValues: (z: Zod) =>
    z.record(answer(z)).describe('What ml:template:record is to write'),
};
