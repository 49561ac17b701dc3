import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { MlflowService } from '@greenroom/plugin-mlflow-node';
import {
  getGateMetric,
  resolveChoices,
  toPackageName,
} from '@greenroom/plugin-scaffolder-ml-common';
import {
  checkClusterNames,
  checkDescription,
  checkGate,
  checkModelChoices,
  checkTextColumns,
  checkName,
  checkRepositoryAddress,
  toFullEntityRef,
} from '../services/checkValues';
import { toRecordedChoices, toSkeletonValues } from '../services/choiceValues';
import type { ComponentInspector } from '../services/ComponentInspector';
import {
  findConflicts,
  isOurs,
  toPublication,
  type Problem,
} from '../services/findConflicts';
import { findManifests } from '../services/findManifests';
import type { GithubRepositories } from '../services/GithubRepositories';
import type { RepositoryMark } from '../services/RepositoryMark';
import type { TemplateRecord } from '../services/TemplateRecord';
import { componentCheckSchema } from './componentCheckSchema';
import { examples } from './createComponentCheckAction.examples';

/** Says everything that is wrong at once, by field. */
function refuse(problems: Problem[]): never {
  const lines = problems.map(({ field, message }) => `${field}: ${message}.`);
  throw new InputError(
    `Nothing was made. Go back to the form (Start over keeps what you entered) and change:\n- ${lines.join(
      '\n- ',
    )}`,
  );
}

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
  mark: RepositoryMark;
  /** `app.baseUrl` */
  appBaseUrl: string;
}) {
  const { catalog, mlflow, github, inspector, appBaseUrl } = options;
  return createTemplateAction({
    id: 'ml:component:check',
    description:
      'Checks that the name, experiment, registered model and repository of a new model component are free, or were made by an earlier try for the same component. Fails with all problems at once; changes nothing.',
    examples,
    supportsDryRun: true,
    schema: componentCheckSchema,
    async handler(ctx) {
      const { name, description, gate, data, token } = ctx.input;
      const credentials = await ctx.getInitiatorCredentials();
      const address = {
        host: ctx.input.repository.host,
        owner: ctx.input.repository.owner,
        name: ctx.input.repository.name || name,
      };
      const choices = resolveChoices({
        model: ctx.input.model,
        delivery: ctx.input.delivery,
        visibility: ctx.input.repository.visibility,
      });
      const problems = [
        ...checkName(name),
        ...checkDescription(description),
        ...checkGate(gate),
        ...checkRepositoryAddress(address, github.hosts),
        ...checkModelChoices(choices, address.name),
        ...checkTextColumns(choices, data.textColumns),
        ...checkClusterNames({
          name,
          owner: ctx.input.owner,
          delivery: choices.delivery,
        }),
      ];
      const findEntity = async (
        field: 'owner' | 'system',
        ref: string,
        kinds: string[],
      ) => {
        const full = toFullEntityRef(ref, kinds[0]);
        const entity =
          full && (await catalog.getEntityByRef(full, { credentials }));
        if (!entity || !kinds.includes(entity.kind)) {
          problems.push({
            field,
            message: `the catalog has no ${kinds
              .join(' or ')
              .toLowerCase()} '${ref}'; choose one from the list`,
          });
        }
        return full ?? '';
      };
      const owner = await findEntity('owner', ctx.input.owner, [
        'Group',
        'User',
      ]);
      const system = ctx.input.system
        ? await findEntity('system', ctx.input.system, ['System'])
        : '';
      if (problems.length > 0) {
        refuse(problems);
      }

      const instance = mlflow.getClient(ctx.input.mlflowInstance).instance.name;
      const names = {
        entityRef: `component:default/${name}`,
        experimentName: name,
        registeredModel: name,
        mlflowInstance: instance,
        repository: address,
      };
      const entityUrl = `${appBaseUrl}/catalog/default/component/${name}`;
      const mark = options.mark.of(address);
      const record: TemplateRecord = {
        template: ctx.templateInfo?.entityRef ?? '',
        version:
          ctx.templateInfo?.entity?.metadata.annotations?.[
            'greenroom.dev/template-version'
          ] ?? '',
        values: {
          name,
          description,
          owner,
          system,
          dataset: data.dataset,
          target: data.target,
          task: data.task,
          dataDigest: data.digest ?? '',
          dataUrl: data.dataUrl ?? '',
          metric: gate.metric,
          threshold: gate.threshold,
          mlflowInstance: instance,
          repository: `${address.host}/${address.owner}/${address.name}`,
          ...toRecordedChoices(choices),
        },
      };
      const { state, errors } = await inspector.inspect(names, {
        credentials,
        token,
        signal: ctx.signal,
      });
      const conflicts = findConflicts(state, {
        names,
        instance,
        entityUrl,
        mark,
        record,
      });
      if (conflicts.length > 0) {
        refuse(conflicts);
      }
      if (errors.length > 0) {
        throw errors.length === 1
          ? errors[0]
          : new AggregateError(
              errors,
              errors.map(error => error.message).join('\n'),
            );
      }
      const repositoryState = state.repository?.state ?? 'absent';
      if (isOurs(state, { entityUrl, mark, record })) {
        ctx.logger.info(
          `An earlier try has made ${state.repositoryUrl}; this one goes on from there`,
        );
      }
      const gitops = { ...address, name: choices.delivery.manifestsRepository };
      if ((await findManifests(github, gitops, ctx)) === 'absent') {
        ctx.logger.info(
          `There is no ${github.webUrl(gitops)} yet: versions are handed off once it exists. The template Infra manifests makes it`,
        );
      }
      ctx.output('entityRef', names.entityRef);
      ctx.output('entityUrl', entityUrl);
      ctx.output('owner', owner);
      ctx.output('system', system);
      ctx.output('packageName', toPackageName(name));
      ctx.output(
        'direction',
        getGateMetric(gate.metric)?.direction ?? 'maximize',
      );
      ctx.output('experimentName', names.experimentName);
      ctx.output('registeredModel', names.registeredModel);
      ctx.output('mlflowInstance', instance);
      ctx.output(
        'repoUrl',
        `${address.host}?owner=${address.owner}&repo=${address.name}`,
      );
      ctx.output('repositoryName', address.name);
      ctx.output('repositoryUrl', github.webUrl(address));
      ctx.output('catalogInfoUrl', state.catalogInfoUrl ?? '');
      ctx.output('repositoryState', repositoryState);
      ctx.output(
        'publication',
        toPublication(state, { entityUrl, mark: ctx.isDryRun ? '' : mark }),
      );
      ctx.output('visibility', choices.visibility);
      ctx.output('registered', state.registered ?? false);
      const skeleton = toSkeletonValues(choices, {
        name,
        owner,
        repository: address,
      });
      ctx.output('framework', skeleton.framework);
      ctx.output('format', skeleton.format);
      ctx.output('serving', skeleton.serving);
      ctx.output('registry', skeleton.registry);
      ctx.output('image', skeleton.image);
      ctx.output('mlflowAccess', skeleton.mlflowAccess);
      ctx.output('environments', skeleton.environments);
      ctx.output('canary', skeleton.canary);
      ctx.output('driftMonitor', skeleton.driftMonitor);
      ctx.output('gpu', skeleton.gpu);
      ctx.output('manifestsRepository', skeleton.manifestsRepository);
      ctx.output('team', skeleton.team);
      ctx.output('templateRef', record.template);
      ctx.output('templateVersion', record.version);
      ctx.output('recordedValues', record.values);
    },
  });
}
