// SPDX-License-Identifier: Apache-2.0

/**
 * The answers of the form as `.greenroom/template.json` keeps them: flat, without objects.
 *
 * @public
 */
export type RecordedAnswers = Record<string, string | number | boolean>;

/**
 * The answers in the shape of the form of Model service.
 *
 * @public
 */
export interface ModelAnswers {
  [parameter: string]: unknown;
}

const MODEL = ['framework', 'format'];

const DELIVERY = [
  'serving',
  'registry',
  'registryNamespace',
  'mlflowAccess',
  'environments',
  'canary',
  'driftMonitor',
  'gpu',
  'manifestsRepository',
];

/** Those that are recorded and not empty. */
function pick(recorded: RecordedAnswers, names: string[]) {
  return Object.fromEntries(
    names
      .filter(name => recorded[name] !== undefined && recorded[name] !== '')
      .map(name => [name, recorded[name]]),
  );
}

function readObjects(recorded: RecordedAnswers) {
  return Object.fromEntries(
    Object.entries(pick(recorded, ['leaveOut', 'keep', 'read'])).map(
      ([name, text]) => [name, JSON.parse(String(text))],
    ),
  );
}

function readSplit(recorded: RecordedAnswers) {
  const { splitBy: by, splitColumn: column, testSize } = recorded;
  return by
    ? {
        split: { by, ...(column && { column }), ...(testSize && { testSize }) },
      }
    : {};
}

/**
 * The answers of a model repository's record as the form of Model service takes them, so that the repository
 * can be rendered again. What the record of an earlier version lacks is left out: the form's default, or what
 * the table speaks for, is then meant. The table itself is not in a record.
 *
 * @param recorded - `values` of `.greenroom/template.json`
 * @throws SyntaxError where `leaveOut`, `keep` or `read` is not JSON
 *
 * @public
 */
export function toModelAnswers(recorded: RecordedAnswers): ModelAnswers {
  const [host, owner, name] = String(recorded.repository ?? '').split('/');
  return {
    ...pick(recorded, ['name', 'description', 'owner', 'system']),
    data: {
      ...pick(recorded, ['dataset', 'target', 'task']),
      ...readObjects(recorded),
      ...readSplit(recorded),
    },
    model: pick(recorded, MODEL),
    gate: pick(recorded, ['metric', 'threshold']),
    repository: { host, owner, name, ...pick(recorded, ['visibility']) },
    delivery: pick(recorded, DELIVERY),
  };
}

/**
 * The answers with one of them changed.
 *
 * @param path - of the form, for example `gate.threshold` or `data.read.joined`; a column name with a dot is
 *   given in an object, as in `data.read` = `{"a.b": "number"}`
 * @param text - JSON, or else a text as it stands
 * @throws Error where the path leads through something that is no object
 *
 * @public
 */
export function changeAnswer(
  answers: ModelAnswers,
  path: string,
  text: string,
): ModelAnswers {
  const [key, ...rest] = path.split('.');
  if (!key || ['__proto__', 'constructor', 'prototype'].includes(key)) {
    throw new Error(`"${path}" is no parameter of the form`);
  }
  if (rest.length === 0) {
    return { ...answers, [key]: parse(text) };
  }
  const inner = answers[key] ?? {};
  if (typeof inner !== 'object') {
    throw new Error(`"${key}" has no "${rest.join('.')}": it is one value`);
  }
  return {
    ...answers,
    [key]: changeAnswer(inner as ModelAnswers, rest.join('.'), text),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
