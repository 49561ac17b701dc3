import {
  ANNOTATION_ORIGIN_LOCATION,
  parseEntityRef,
} from '@backstage/catalog-model';
import { ASSUMED_ANSWERS } from './choiceValues';
import type { ComponentNames, ComponentState } from './ComponentInspector';
import {
  compareValues,
  parseTemplateRecord,
  type TemplateRecord,
} from './TemplateRecord';

/** A value of the form that will not do, and what would. */
export interface Problem {
  /** The parameter, for example `repository.name`. */
  field: string;
  message: string;
}

/**
 * The homepage of a repository in the making: the component's page with the
 * mark that only this portal can make. Set in the call that makes the
 * repository, so that even a crash right after it leaves it recognisable.
 */
export function toMarkedUrl(entityUrl: string, mark: string): string {
  return `${entityUrl}#${mark}`;
}

/**
 * What the steps that publish are told: the homepage that the repository gets
 * while it is made, the mark for its record, and whether it is still in the
 * making. Without a mark, as in a dry run, none is told.
 */
export function toPublication(
  { repository }: Partial<ComponentState>,
  { entityUrl, mark }: { entityUrl: string; mark: string },
) {
  const homepage = mark ? toMarkedUrl(entityUrl, mark) : entityUrl;
  return {
    homepage,
    mark,
    unfinished:
      repository?.state !== 'filled' || repository.homepage === homepage,
  };
}

/** Whether an earlier try for the same component made the repository. */
export function isOurs(
  state: Partial<ComponentState>,
  options: { entityUrl: string; mark: string; record: TemplateRecord },
): boolean {
  const { repository } = state;
  const { entityUrl, mark } = options;
  switch (repository?.state) {
    case 'empty':
      return repository.homepage === toMarkedUrl(entityUrl, mark);
    case 'filled': {
      const found = parseTemplateRecord(repository.record ?? '');
      return (
        found?.mark === mark &&
        found.template === options.record.template &&
        compareValues(found.values, options.record.values, ASSUMED_ANSWERS)
          .length === 0
      );
    }
    default:
      return false;
  }
}

function* repositoryConflicts(
  state: Partial<ComponentState>,
  options: {
    names: ComponentNames;
    entityUrl: string;
    mark: string;
    record: TemplateRecord;
  },
): Generator<Problem> {
  const { names, mark, record } = options;
  const { owner, host } = names.repository;
  const { repository } = state;
  if (repository?.state === 'absent' && !repository.ownerExists) {
    yield {
      field: 'repository.owner',
      message: `there is no organisation or user '${owner}' at ${host}, or the portal's token cannot see it`,
    };
  }
  if (!repository || repository.state === 'absent' || isOurs(state, options)) {
    return;
  }
  const found = parseTemplateRecord(
    repository.state === 'filled' ? (repository.record ?? '') : '',
  );
  if (
    found?.mark === mark &&
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
  state: Partial<ComponentState>,
  options: {
    names: ComponentNames;
    ours: boolean;
    instance: string;
  },
): Generator<Problem> {
  const { names, ours, instance } = options;
  const { experiment } = state;
  if (experiment?.deleted) {
    yield {
      field: 'name',
      message: `MLflow (${instance}) holds a deleted experiment '${names.experimentName}' (id ${experiment.id}), which keeps the name. Restore it with 'mlflow experiments restore --experiment-id ${experiment.id}', remove it for good with 'mlflow gc --experiment-ids ${experiment.id}', or choose another name`,
    };
  } else if (experiment && !ours && experiment.component !== names.entityRef) {
    yield {
      field: 'name',
      message: `MLflow (${instance}) has an experiment '${names.experimentName}' already (${experiment.url}). Choose another name`,
    };
  }
  if (state.registeredModelExists && !ours) {
    yield {
      field: 'name',
      message: `MLflow (${instance}) has a registered model '${names.registeredModel}' already. Choose another name`,
    };
  }
}

function* catalogConflicts(
  state: Partial<ComponentState>,
  options: { names: ComponentNames; ours: boolean },
): Generator<Problem> {
  const { entity, catalogInfoUrl } = state;
  // The location as it was registered; where the entity was read from differs
  // in form.
  const source = entity?.metadata.annotations?.[ANNOTATION_ORIGIN_LOCATION];
  if (entity && !(options.ours && source === `url:${catalogInfoUrl}`)) {
    const { name } = parseEntityRef(options.names.entityRef);
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
  options: {
    names: ComponentNames;
    instance: string;
    entityUrl: string;
    /** Of the repository, by `RepositoryMark`. */
    mark: string;
    record: TemplateRecord;
  },
): Problem[] {
  const ours = isOurs(state, options);
  return [
    ...catalogConflicts(state, { ...options, ours }),
    ...repositoryConflicts(state, options),
    ...mlflowConflicts(state, { ...options, ours }),
  ];
}
