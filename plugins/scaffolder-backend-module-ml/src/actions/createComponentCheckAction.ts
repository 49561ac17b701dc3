// SPDX-License-Identifier: Apache-2.0
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { MlflowService } from '@greenroom/plugin-mlflow-node';
import {
  checkFloor,
  resolveChoices,
} from '@greenroom/plugin-scaffolder-ml-common';
import { checkFree } from '../services/checkFree';
import {
  checkClusterNames,
  checkDescription,
  checkGate,
  checkGateFloor,
  checkModelChoices,
  checkTextColumns,
  checkName,
  checkRepositoryAddress,
} from '../services/checkValues';
import type { ComponentInspector } from '../services/ComponentInspector';
import type { ComponentTargets } from '../services/ComponentTargets';
import {
  toComponentValues,
  toRecordedValues,
} from '../services/componentValues';
import { findEntity } from '../services/findEntity';
import { findManifests } from '../services/findManifests';
import type { GithubRepositories } from '../services/GithubRepositories';
import { refuseProblems } from '../services/problems';
import { componentCheckSchema } from './componentCheckSchema';
import { examples } from './createComponentCheckAction.examples';
import { outputAll } from './outputAll';

/**
 * `ml:component:check`: whether the names of a new model component are free in
 * the catalog, in MLflow and on GitHub, or taken by an earlier try for the same
 * component, before anything is made. Changes nothing.
 *
 * @public
 */
export function createComponentCheckAction(options: {
  catalog: CatalogService;
  mlflow: MlflowService;
  github: GithubRepositories;
  inspector: ComponentInspector;
  targets: ComponentTargets;
}) {
  const { catalog, mlflow, github, inspector, targets } = options;
  return createTemplateAction({
    id: 'ml:component:check',
    description:
      'Checks that the name, experiment, registered model and repository of a new model component are free, or were made by an earlier try for the same component. Fails with all problems at once; changes nothing.',
    examples,
    supportsDryRun: true,
    schema: componentCheckSchema,
    async handler(ctx) {
      const { name, description, gate, data } = ctx.input;
      const credentials = await ctx.getInitiatorCredentials();
      const target = targets.of(name, ctx.input.repository);
      const { repository } = target;
      const choices = resolveChoices({
        model: ctx.input.model,
        delivery: ctx.input.delivery,
        visibility: ctx.input.repository.visibility,
      });
      const problems = [
        ...checkName(name),
        ...checkDescription(description),
        ...checkGate({ task: data.task, ...gate }),
        ...checkGateFloor(gate, data.constant),
        ...checkRepositoryAddress(repository, github.hosts),
        ...checkModelChoices(choices, repository.name),
        ...checkTextColumns(choices, data.features),
        ...checkClusterNames({
          name,
          owner: ctx.input.owner,
          delivery: choices.delivery,
        }),
      ];
      const lookUp = { catalog, credentials, problems };
      const owner = await findEntity(
        'owner',
        ctx.input.owner,
        ['Group', 'User'],
        lookUp,
      );
      const system = ctx.input.system
        ? await findEntity('system', ctx.input.system, ['System'], lookUp)
        : '';
      refuseProblems(problems);
      if (data.constant && checkFloor(gate, data.constant) === 'doubtful') {
        ctx.logger.warn(
          `Always answering ${JSON.stringify(data.constant.answer)} passes the gate: ${gate.metric} ${data.constant.metrics[gate.metric]}, threshold ${gate.threshold}`,
        );
      }

      const instance = mlflow.getClient(ctx.input.mlflowInstance).instance.name;
      const component = {
        name,
        description,
        owner,
        system,
        data,
        gate,
        choices,
        repository,
        mlflowInstance: instance,
      };
      const free = await checkFree(inspector, ctx, {
        target: { ...target, mlflow: { instance } },
        recordedValues: toRecordedValues(component),
        credentials,
      });
      const gitops = {
        ...repository,
        name: choices.delivery.manifestsRepository,
      };
      if ((await findManifests(github, gitops, ctx)) === 'absent') {
        ctx.logger.info(
          `There is no ${github.webUrl(gitops)} yet: versions are handed off once it exists. The template Infra manifests makes it`,
        );
      }
      outputAll(ctx, {
        ...free,
        visibility: choices.visibility,
        values: { ...free.values, ...toComponentValues(component) },
      });
    },
  });
}
