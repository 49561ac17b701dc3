// SPDX-License-Identifier: Apache-2.0
import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { ConflictError, InputError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { MLFLOW_TAGS, readMlflowMark } from '@greenroom/plugin-mlflow-common';
import {
  authorizeMlflowRead,
  MlflowClientError,
  toMlflowPageUrl,
  type MlflowClient,
  type MlflowService,
} from '@greenroom/plugin-mlflow-node';
import { examples } from './createExperimentEnsureAction.examples';

async function createUnlessThere(
  client: MlflowClient,
  experiment: { name: string; tags?: Record<string, string> },
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await client.createExperiment(experiment, { signal });
    return true;
  } catch (error) {
    // Somebody was faster, or the answer to an earlier call was lost.
    if (
      error instanceof MlflowClientError &&
      error.errorCode === 'RESOURCE_ALREADY_EXISTS'
    ) {
      return false;
    }
    throw error;
  }
}

/** Whether an experiment's mark names the new one's component, or one that the user may see. */
async function isOpenTo(
  catalog: CatalogService,
  credentials: BackstageCredentials,
  tags: { found: Record<string, string>; wanted: Record<string, string> },
): Promise<boolean> {
  const entityRefs = readMlflowMark(tags.found);
  const own = readMlflowMark(tags.wanted) ?? [];
  if (!entityRefs || entityRefs.some(ref => own.includes(ref))) {
    return true;
  }
  const { items } = await catalog.getEntitiesByRefs(
    { entityRefs, fields: ['kind', 'metadata'] },
    { credentials },
  );
  return items.some(Boolean);
}

/**
 * `mlflow:experiment:ensure`: makes sure that an MLflow experiment of a name
 * exists. Answers the existing one, and creates it otherwise. Needs `mlflow.read`.
 *
 * @public
 */
export function createExperimentEnsureAction(options: {
  catalog: CatalogService;
  mlflow: MlflowService;
  permissions: PermissionsService;
}) {
  const { catalog, mlflow, permissions } = options;
  return createTemplateAction({
    id: 'mlflow:experiment:ensure',
    description:
      'Makes sure that an MLflow experiment of that name exists: answers the existing one, and creates it otherwise.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        instance: z =>
          z
            .string()
            .describe('Name of the MLflow instance; the default one otherwise')
            .optional(),
        name: z => z.string().describe('Name of the experiment'),
        tags: z =>
          z
            .record(z.string())
            .describe('Tags that a new experiment gets')
            .optional(),
      },
      output: {
        instance: z => z.string().describe('Name of the MLflow instance'),
        experimentId: z =>
          z.string().describe('Id of the experiment; empty in a dry run'),
        experimentUrl: z => z.string().describe('Its page in MLflow'),
        trackingUri: z =>
          z.string().describe('MLFLOW_TRACKING_URI for pipelines'),
        created: z => z.boolean().describe('Whether this step made it'),
      },
    },
    async handler(ctx) {
      const { name, tags } = ctx.input;
      const { signal } = ctx;
      if (!name.trim() || name.length > 256 || /\p{Cc}/u.test(name)) {
        throw new InputError(
          'name: give the experiment a name of 1 to 256 characters, without control characters',
        );
      }
      const credentials = await ctx.getInitiatorCredentials();
      await authorizeMlflowRead(permissions, credentials);
      const client = mlflow.getClient(ctx.input.instance);
      const { name: instance, trackingUri } = client.instance;
      let experiment = await client.getExperimentByName(name, { signal });
      let created = false;
      if (!experiment && !ctx.isDryRun) {
        created = await ctx.checkpoint({
          key: `create.mlflow.experiment.${instance}.${name}`,
          fn: () => createUnlessThere(client, { name, tags }, signal),
        });
        // Read back: a checkpoint of an earlier try may speak of an experiment
        // that somebody has removed since.
        experiment = await client.getExperimentByName(name, { signal });
        if (!experiment) {
          throw new ConflictError(
            `MLflow (${instance}) no longer has the experiment '${name}' that an earlier try of this task made. Start over instead of retrying`,
          );
        }
      }
      const isOpen =
        !experiment ||
        (await isOpenTo(catalog, credentials, {
          found: experiment.tags,
          wanted: tags ?? {},
        }));
      if (!isOpen) {
        throw new ConflictError(
          `MLflow (${instance}) has an experiment '${name}' already, marked (tag ${MLFLOW_TAGS.component}) as that of a component that you may not see, or that does not exist. Choose another name`,
        );
      }
      if (experiment?.lifecycleStage === 'deleted') {
        const id = experiment.experimentId;
        throw new ConflictError(
          `MLflow (${instance}) holds a deleted experiment '${name}' (id ${id}), which keeps the name. Restore it with 'mlflow experiments restore --experiment-id ${id}', remove it for good with 'mlflow gc --experiment-ids ${id}', or choose another name`,
        );
      }
      const id = experiment?.experimentId ?? '';
      const verb = created ? 'Created' : 'Found';
      ctx.logger.info(
        experiment
          ? `${verb} the experiment '${name}' (id ${id}) in MLflow (${instance})`
          : `Would create the experiment '${name}' in MLflow (${instance})`,
      );
      ctx.output('instance', instance);
      ctx.output('experimentId', id);
      ctx.output(
        'experimentUrl',
        toMlflowPageUrl(client.instance, 'experiments', ...(id ? [id] : [])),
      );
      ctx.output('trackingUri', trackingUri);
      ctx.output('created', created);
    },
  });
}
