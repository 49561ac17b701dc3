// SPDX-License-Identifier: Apache-2.0
import {
  listOptions,
  type ChosenOptions,
} from '@greenroom/plugin-scaffolder-ml-common';
import type { z as zod } from 'zod/v3';
import {
  checkInput,
  checkOutput,
  skeletonValues,
  type Zod,
} from './schemaParts';
import { datasetPrepareSchema } from './datasetPrepareSchema';

/** One of the options, for each choice that the parameter holds. */
const choices = <P extends 'model' | 'delivery'>(z: Zod, parameter: P) =>
  Object.fromEntries(
    Object.entries<string[]>(listOptions(parameter)).map(
      // zod wants a tuple; every choice has at least one option.
      ([choice, options]) => [choice, z.enum(options as [string])],
    ),
  ) as unknown as {
    [C in keyof ChosenOptions<P>]: zod.ZodType<ChosenOptions<P>[C]>;
  };

/** The parameter `delivery` as it is given, and as the skeleton is told. */
const delivery = (z: Zod) => ({
  ...choices(z, 'delivery'),
  registryNamespace: z.string(),
  driftMonitor: z.boolean(),
  gpu: z.boolean(),
  manifestsRepository: z.string(),
});

const prepared = datasetPrepareSchema.output;

/** Input and output of `ml:component:check`. */
export const componentCheckSchema = {
  input: {
    ...checkInput,
    system: (z: Zod) =>
      z.string().describe('Entity reference of the system').optional(),
    gate: (z: Zod) =>
      z
        .object({ metric: z.string(), threshold: z.number() })
        .describe('The quality gate'),
    model: (z: Zod) =>
      z
        .object(choices(z, 'model'))
        .partial()
        .describe('What trains and stores the model; scikit-learn, native')
        .optional(),
    delivery: (z: Zod) =>
      z
        .object(delivery(z))
        .partial()
        .describe(
          'How the model reaches production; what is missing has the default of the form',
        )
        .optional(),
    data: (z: Zod) =>
      z
        .object({
          dataset: prepared.dataset(z),
          target: prepared.target(z),
          task: prepared.task(z),
          csvFile: prepared.csvFile(z).optional(),
          digest: prepared.digest(z).optional(),
          dataUrl: prepared.dataUrl(z).optional(),
          features: prepared.features(z).optional(),
          leaveOut: prepared.leaveOut(z).optional(),
          keep: prepared.keep(z).optional(),
          read: prepared.read(z).optional(),
          split: prepared.split(z).optional(),
          constant: prepared.constant(z),
        })
        .passthrough()
        .describe('What ml:dataset:prepare answered'),
    mlflowInstance: (z: Zod) =>
      z.string().describe('MLflow instance; the default one').optional(),
    existing: (z: Zod) =>
      z
        .boolean()
        .describe('Whether it is there already, and is to be upgraded')
        .optional(),
  },
  output: {
    ...checkOutput,
    values: (z: Zod) =>
      z
        .object({
          ...skeletonValues(z),
          ...choices(z, 'model'),
          ...delivery(z),
          registryNamespace: z.string().describe('Empty unless it was given'),
          registry: z.string().describe('Empty where there is no image'),
          environments: z
            .array(z.enum(['dev', 'staging', 'prod']))
            .describe('In the order of a release'),
          manifestsRepository: z
            .string()
            .describe('The GitOps repository, acme/infra-manifests'),
          image: z
            .string()
            .describe(
              'Its image without tag, ghcr.io/acme/churn-risk, or empty',
            ),
          team: z.string().describe('By which namespaces are named'),
          system: z
            .string()
            .describe('Full entity reference of the system, or empty'),
          packageName: z.string().describe('Its Python package'),
          dataset: prepared.dataset(z),
          target: prepared.target(z),
          features: prepared.features(z),
          leaveOut: prepared.leaveOut(z),
          keep: prepared.keep(z),
          split: z
            .object({
              by: z.enum(['rows', 'time', 'group']),
              column: z.string().describe('Or empty'),
              testSize: z.number(),
            })
            .describe('How rows are held out'),
          task: prepared.task(z),
          csvFile: prepared.csvFile(z),
          dataUrl: prepared.dataUrl(z),
          metric: z.string().describe('What the gate measures'),
          direction: z
            .enum(['maximize', 'minimize'])
            .describe('Which values of it are better'),
          threshold: z.number(),
          experimentName: z.string().describe('Its MLflow experiment'),
          registeredModel: z.string().describe('Its registered model'),
          mlflowInstance: z.string().describe('The MLflow instance'),
        })
        .describe('What the skeleton is told'),
  },
};

/** What the skeleton of a model component is told. */
export type ComponentValues = zod.infer<
  ReturnType<typeof componentCheckSchema.output.values>
>;

/** What `ml:dataset:prepare` answered. */
export type ComponentData = zod.infer<
  ReturnType<typeof componentCheckSchema.input.data>
>;
