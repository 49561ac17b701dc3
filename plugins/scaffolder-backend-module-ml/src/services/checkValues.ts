// SPDX-License-Identifier: Apache-2.0
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import {
  checkChoices,
  checkFloor,
  checkHostNames,
  checkModelName,
  checkThreshold,
  getGateMetric,
  getGateMetrics,
  isTextFeature,
  suggestMetric,
  toPackageName,
  CHOICE_OPTIONS,
  type Choices,
  type ChoicesInput,
  type ConstantAnswer,
  type DataFeature,
  type GateMetric,
  type ModelNameProblem,
  type ModelTask,
  type ThresholdProblem,
} from '@greenroom/plugin-scaffolder-ml-common';
import type { RepositoryAddress } from './GithubRepositories';
import type { Problem } from './problems';

const NAME_MESSAGES: Record<ModelNameProblem, (name: string) => string> = {
  missing: () => 'give the model a name',
  'too-short': () => 'use at least 3 characters',
  'too-long': () => 'use at most 40 characters',
  malformed: () =>
    'start with a lower-case letter and use only a-z, 0-9 and single hyphens between them, for example churn-model',
  reserved: name =>
    `Python, or a library of the pipeline, has a module '${toPackageName(
      name,
    )}' already, which this name would hide; add a word, for example ${name}-model`,
};

function describeRange(metric: GateMetric): string {
  const { title, minimum, maximum, exclusiveMinimum } = metric;
  if (maximum === undefined) {
    return `${title} is an error in the unit of the target: give a number above ${minimum}`;
  }
  return exclusiveMinimum
    ? `${title} lies between ${minimum} and ${maximum}: give a number above ${minimum} and at most ${maximum}`
    : `${title} lies between ${minimum} and ${maximum} here: give a number from ${minimum} to ${maximum}`;
}

const THRESHOLD_MESSAGES: Record<
  ThresholdProblem,
  (metric: GateMetric) => string
> = {
  'not-a-number': metric => `give a number. ${describeRange(metric)}`,
  'too-low': describeRange,
  'too-high': describeRange,
};

/** Judges a name. */
export function* checkName(name: string): Generator<Problem> {
  const problem = checkModelName(name);
  if (problem) {
    yield { field: 'name', message: NAME_MESSAGES[problem](name) };
  }
}

/** Judges the one line that describes the component. */
export function* checkDescription(description: string): Generator<Problem> {
  // Also what reorders text on screen, and halves of characters, which no file
  // can hold.
  if (
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(description)
  ) {
    yield {
      field: 'description',
      message: 'write one line, without line breaks or control characters',
    };
  }
  if (description.trim().length < 10 || description.length > 200) {
    yield {
      field: 'description',
      message: 'say in 10 to 200 characters what the model predicts',
    };
  }
}

/** Judges the gate's metric and threshold, each for the task. */
export function* checkGate(gate: {
  task: ModelTask;
  metric: string;
  threshold: number;
}): Generator<Problem> {
  const metric = getGateMetric(gate.metric);
  if (!metric || metric.task !== gate.task) {
    const fitting = getGateMetrics(gate.task).map(({ name }) => name);
    yield {
      field: 'gate.metric',
      message: `'${gate.metric}' does not measure ${
        gate.task
      }; choose one of ${fitting.join(', ')}`,
    };
    return;
  }
  const problem = checkThreshold(metric, gate.threshold);
  if (problem) {
    yield {
      field: 'gate.threshold',
      message: THRESHOLD_MESSAGES[problem](metric),
    };
  }
}

/** Judges whether more than a constant answer passes the gate. */
export function* checkGateFloor(
  gate: { metric: string; threshold: number },
  constant: ConstantAnswer | undefined,
): Generator<Problem> {
  if (constant && checkFloor(gate, constant) === 'refused') {
    const share = (constant.share ?? 0).toFixed(3);
    const better = suggestMetric('classification', constant);
    yield {
      field: 'gate.metric',
      message: `always answering ${JSON.stringify(
        constant.answer,
      )} has an accuracy of ${share} and passes ${gate.threshold}; choose ${better}, or a threshold above ${share}`,
    };
  }
}

/** Judges whether the choices about model and delivery fit together. */
export function* checkModelChoices(
  choices: ChoicesInput,
  repositoryName: string,
): Generator<Problem> {
  for (const { field, message } of checkChoices(choices, { repositoryName })) {
    yield { field, message: message.replace(/\.$/, '') };
  }
}

/** Judges whether KServe's own server takes the table. */
export function* checkTextColumns(
  { model, delivery }: Choices,
  features: DataFeature[] = [],
): Generator<Problem> {
  const textColumns = features.filter(isTextFeature);
  const isBooster =
    model.framework === 'xgboost' || model.framework === 'lightgbm';
  if (
    delivery.serving === 'storage-uri' &&
    isBooster &&
    textColumns.length > 0
  ) {
    const names = textColumns
      .slice(0, 5)
      .map(({ name }) => JSON.stringify(name));
    const more = textColumns.length - names.length;
    yield {
      field: 'delivery.serving',
      message: `KServe's server for ${
        CHOICE_OPTIONS.model.framework[model.framework].title
      } takes numbers only, and these columns hold texts: ${names.join(', ')}${
        more > 0 ? ` and ${more} more` : ''
      }. Choose the model's own image, or write them as numbers`,
    };
  }
}

/** Judges whether the cluster can name what the component becomes there. */
export function* checkClusterNames(
  component: Parameters<typeof checkHostNames>[0],
): Generator<Problem> {
  const problem = checkHostNames(component);
  if (problem) {
    const { hostName, maximum } = problem;
    const reason = `in the cluster it becomes '${hostName}', which has ${hostName.length} characters where Kubernetes takes 63`;
    yield maximum < 3
      ? {
          field: 'owner',
          message: `${reason}; choose an owner with a shorter name`,
        }
      : {
          field: 'name',
          message: `${reason}; use at most ${maximum} characters for this owner and these environments`,
        };
  }
}

// https://docs.github.com/en/rest/repos/repos#create-an-organization-repository
/** Judges an address by GitHub's own rules for logins and repository names. */
export function* checkRepositoryAddress(
  { host, owner, name }: RepositoryAddress,
  hosts: string[],
): Generator<Problem> {
  if (!hosts.includes(host)) {
    yield {
      field: 'repository.host',
      message: `'${host}' is not a configured GitHub host; configured are ${hosts.join(
        ', ',
      )}`,
    };
  }
  if (owner.length > 39 || !/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/.test(owner)) {
    yield {
      field: 'repository.owner',
      message:
        'give a GitHub organisation or user: letters, digits and single hyphens, at most 39 characters',
    };
  }
  if (
    !/^[A-Za-z0-9_.-]{1,100}$/.test(name) ||
    /^\.{1,2}$|\.(git|wiki|atom)$/i.test(name)
  ) {
    yield {
      field: 'repository.name',
      message:
        'use letters, digits, hyphens, underscores and dots, at most 100 characters, and no ending .git, .wiki or .atom',
    };
  }
}

/** An entity reference in its full form, or undefined when it is none. */
export function toFullEntityRef(
  ref: string,
  defaultKind: string,
): string | undefined {
  try {
    const parsed = parseEntityRef(ref, {
      defaultKind,
      defaultNamespace: 'default',
    });
    return [parsed.kind, parsed.namespace, parsed.name].every(part =>
      /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(part),
    )
      ? stringifyEntityRef(parsed)
      : undefined;
  } catch {
    return undefined;
  }
}
