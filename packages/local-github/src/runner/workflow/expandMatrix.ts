// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, JsonValue } from '../types';

/** GitHub's limit of jobs that one matrix may make. */
const MAX_MATRIX_JOBS = 256;

/** A job's evaluated `strategy:`. */
export interface Strategy {
  failFast: boolean;
  maxParallel?: number;
  /** One entry per job; a job without a matrix has one, empty. */
  combinations: JsonObject[];
  hasMatrix: boolean;
}

/**
 * The combinations of a matrix, `exclude` and `include` applied by GitHub's rules: an include extends each combination
 * whose own values it does not change, and otherwise becomes a combination of its own.
 */
export function expandStrategy(strategy: JsonValue): Strategy {
  const settings = isObject(strategy) ? strategy : {};
  const base = {
    failFast: settings['fail-fast'] !== false,
    maxParallel:
      typeof settings['max-parallel'] === 'number' &&
      settings['max-parallel'] > 0
        ? settings['max-parallel']
        : undefined,
  };
  if (settings.matrix === undefined || settings.matrix === null) {
    return { ...base, combinations: [{}], hasMatrix: false };
  }
  if (!isObject(settings.matrix)) {
    throw new Error('The matrix is not a mapping');
  }
  const { include, exclude, ...vectors } = settings.matrix;
  const combinations = applyInclude(
    combine(vectors).filter(
      combination =>
        !objects(exclude, 'exclude').some(entry => agrees(combination, entry)),
    ),
    objects(include, 'include'),
    Object.keys(vectors),
  );
  if (combinations.length > MAX_MATRIX_JOBS) {
    throw new Error(
      `The matrix makes ${combinations.length} jobs; at most ${MAX_MATRIX_JOBS} are allowed`,
    );
  }
  if (combinations.length === 0) {
    throw new Error('Matrix vector does not contain any values');
  }
  return { ...base, combinations, hasMatrix: true };
}

function combine(vectors: JsonObject): JsonObject[] {
  const entries = Object.entries(vectors);
  if (entries.length === 0) {
    return [];
  }
  let result: JsonObject[] = [{}];
  for (const [key, values] of entries) {
    if (!Array.isArray(values) || values.length === 0) {
      throw new Error(`Matrix vector '${key}' does not contain any values`);
    }
    result = result.flatMap(combination =>
      values.map(value => ({ ...combination, [key]: value })),
    );
    if (result.length > MAX_MATRIX_JOBS * MAX_MATRIX_JOBS) {
      throw new Error(`The matrix makes more than ${MAX_MATRIX_JOBS} jobs`);
    }
  }
  return result;
}

function applyInclude(
  combinations: JsonObject[],
  include: JsonObject[],
  vectorKeys: string[],
): JsonObject[] {
  const result = combinations.map(combination => ({ ...combination }));
  const added: JsonObject[] = [];
  for (const entry of include) {
    const fixed = vectorKeys.filter(key => Object.hasOwn(entry, key));
    const own = Object.fromEntries(fixed.map(key => [key, entry[key]]));
    const targets = result.filter(combination => agrees(combination, own));
    if (targets.length === 0) {
      added.push({ ...entry });
    }
    targets.forEach(target => Object.assign(target, entry));
  }
  return [...result, ...added];
}

function agrees(combination: JsonObject, entry: JsonObject): boolean {
  return Object.entries(entry).every(
    ([key, value]) =>
      JSON.stringify(combination[key]) === JSON.stringify(value),
  );
}

function objects(value: JsonValue | undefined, name: string): JsonObject[] {
  if (value === undefined || value === null) {
    return [];
  }
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw new Error(`Matrix ${name} is not a list of mappings`);
  }
  return value.filter(isObject);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
