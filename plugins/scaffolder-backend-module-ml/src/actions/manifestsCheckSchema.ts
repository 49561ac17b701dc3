// SPDX-License-Identifier: Apache-2.0
import {
  answer,
  checkInput,
  checkOutput,
  skeletonValues,
  type Zod,
} from './schemaParts';

/** Input and output of `ml:manifests:check`. */
export const manifestsCheckSchema = {
  input: {
    ...checkInput,
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
    settings: (z: Zod) =>
      z
        .object({
          environments: z.enum(['dev', 'dev-prod', 'dev-staging-prod']),
        })
        .catchall(answer(z))
        .describe(
          'All other answers: the skeleton is told them, and an earlier try is recognised by them',
        ),
  },
  output: {
    ...checkOutput,
    values: (z: Zod) =>
      z
        .object({
          ...skeletonValues(z),
          teams: z
            .array(z.string())
            .describe('The names of the teams, as namespaces begin with them'),
          images: z
            .array(z.string())
            .describe('Prefixes of all images that are allowed'),
          environments: z
            .array(z.enum(['dev', 'staging', 'prod']))
            .describe('In the order of a release'),
        })
        .passthrough()
        .describe('What the skeleton is told, the settings among it'),
    namespaces: (z: Zod) =>
      z
        .array(z.object({ team: z.string(), environment: z.string() }))
        .describe('Each team with each environment'),
  },
};
