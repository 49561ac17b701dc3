// SPDX-License-Identifier: Apache-2.0
import { ANNOTATION_ORIGIN_LOCATION } from '@backstage/catalog-model';
import { ASSUMED_ANSWERS } from './componentValues';
import type { ComponentState } from './ComponentInspector';
import type { ComponentTarget } from './ComponentTargets';
import type { Problem } from './problems';
import {
  compareValues,
  parseTemplateRecord,
  type TemplateRecord,
} from './TemplateRecord';

/**
 * The homepage of a repository in the making: the component's page with the
 * mark that only this portal can make. Set in the call that makes the
 * repository, so that even a crash right after it leaves it recognisable.
 */
export function toMarkedUrl({ entityUrl, mark }: ComponentTarget): string {
  return `${entityUrl}#${mark}`;
}

/**
 * What the steps that publish are told: the homepage that the repository gets
 * while it is made, the mark for its record, and whether it is still in the
 * making. A dry run is told no mark.
 */
export function toPublication(
  { repository }: Partial<ComponentState>,
  target: ComponentTarget,
  isDryRun = false,
) {
  const homepage = isDryRun ? target.entityUrl : toMarkedUrl(target);
  return {
    homepage,
    mark: isDryRun ? '' : target.mark,
    unfinished:
      repository?.state !== 'filled' || repository.homepage === homepage,
  };
}

/** Whether an earlier try for the same component made the repository. */
export function isOurs(
  { repository }: Partial<ComponentState>,
  target: ComponentTarget,
  record: TemplateRecord,
): boolean {
  switch (repository?.state) {
    case 'empty':
      return repository.homepage === toMarkedUrl(target);
    case 'filled': {
      const found = parseTemplateRecord(repository.record ?? '');
      return (
        found?.mark === target.mark &&
        found.template === record.template &&
        compareValues(found.values, record.values, ASSUMED_ANSWERS).length === 0
      );
    }
    default:
      return false;
  }
}

function* repositoryConflicts(
  state: Partial<ComponentState>,
  target: ComponentTarget,
  record: TemplateRecord,
): Generator<Problem> {
  const { owner, host } = target.repository;
  const { repository } = state;
  if (repository?.state === 'absent' && !repository.ownerExists) {
    yield {
      field: 'repository.owner',
      message: `there is no organisation or user '${owner}' at ${host}, or the portal's token cannot see it`,
    };
  }
  if (
    !repository ||
    repository.state === 'absent' ||
    isOurs(state, target, record)
  ) {
    return;
  }
  const found = parseTemplateRecord(
    repository.state === 'filled' ? (repository.record ?? '') : '',
  );
  if (
    found?.mark === target.mark &&
    found.template === record.template &&
    found.values.name === record.values.name
  ) {
    const describe = (value: TemplateRecord['values'], key: string) =>
      JSON.stringify(value[key] ?? ASSUMED_ANSWERS[key] ?? 'not set');
    const differences = compareValues(
      found.values,
      record.values,
      ASSUMED_ANSWERS,
    ).map(
      key =>
        `${key} was ${describe(found.values, key)}, now is ${describe(record.values, key)}`,
    );
    yield {
      field: 'name',
      message: `${state.repositoryUrl} was made by this template with other values (${differences.join(
        '; ',
      )}). Repeat it with the same values to go on with it, change it in the repository, or choose another name`,
    };
    return;
  }
  yield {
    field: 'repository.name',
    message: `${state.repositoryUrl} exists already. Choose another repository name, or another component name`,
  };
}

function* mlflowConflicts(
  { experiment, registeredModelExists }: Partial<ComponentState>,
  { name, entityRef, mlflow }: ComponentTarget,
  ours: boolean,
): Generator<Problem> {
  const instance = mlflow?.instance;
  if (experiment?.deleted) {
    yield {
      field: 'name',
      message: `MLflow (${instance}) holds a deleted experiment '${name}' (id ${experiment.id}), which keeps the name. Restore it with 'mlflow experiments restore --experiment-id ${experiment.id}', remove it for good with 'mlflow gc --experiment-ids ${experiment.id}', or choose another name`,
    };
  } else if (experiment && !ours && experiment.component !== entityRef) {
    yield {
      field: 'name',
      message: `MLflow (${instance}) has an experiment '${name}' already (${experiment.url}). Choose another name`,
    };
  }
  if (registeredModelExists && !ours) {
    yield {
      field: 'name',
      message: `MLflow (${instance}) has a registered model '${name}' already. Choose another name`,
    };
  }
}

function* catalogConflicts(
  { entity, catalogInfoUrl }: Partial<ComponentState>,
  { name }: ComponentTarget,
  ours: boolean,
): Generator<Problem> {
  // The location as it was registered; where the entity was read from differs
  // in form.
  const source = entity?.metadata.annotations?.[ANNOTATION_ORIGIN_LOCATION];
  if (entity && !(ours && source === `url:${catalogInfoUrl}`)) {
    const owner = entity.spec?.owner;
    yield {
      field: 'name',
      message: `the catalog has a component '${name}' already${
        typeof owner === 'string' ? `, owned by ${owner}` : ''
      }. Choose another name`,
    };
  }
}

/**
 * What stands in the way of making a component. What an earlier try for the
 * same component has made does not: the run goes on from there.
 */
export function findConflicts(
  state: Partial<ComponentState>,
  target: ComponentTarget,
  record: TemplateRecord,
): Problem[] {
  const ours = isOurs(state, target, record);
  return [
    ...catalogConflicts(state, target, ours),
    ...repositoryConflicts(state, target, record),
    ...mlflowConflicts(state, target, ours),
  ];
}
