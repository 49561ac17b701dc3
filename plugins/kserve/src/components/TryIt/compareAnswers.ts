// SPDX-License-Identifier: Apache-2.0

export interface Difference {
  /** Where, e.g. `outputs[0].data[3]`. */
  path: string;
  stable: unknown;
  canary: unknown;
}

/** What each answer has of its own. */
const OWN = new Set(['id', 'model_version', 'model_name']);

/** So many differences are named. */
const MOST = 20;

function collect(
  stable: unknown,
  canary: unknown,
  path: string,
  found: Difference[],
) {
  if (found.length > MOST || Object.is(stable, canary)) {
    return;
  }
  const areLists = Array.isArray(stable) && Array.isArray(canary);
  const areObjects =
    typeof stable === 'object' &&
    typeof canary === 'object' &&
    stable !== null &&
    canary !== null &&
    Array.isArray(stable) === Array.isArray(canary);
  if (!areObjects) {
    found.push({ path, stable, canary });
    return;
  }
  const left = stable as Record<string, unknown>;
  const right = canary as Record<string, unknown>;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (areLists) {
      collect(left[key], right[key], `${path}[${key}]`, found);
    } else if (!(path === '' && OWN.has(key))) {
      collect(left[key], right[key], path ? `${path}.${key}` : key, found);
    }
  }
}

/** Where two answers to the same request differ. */
export function compareAnswers(stable: unknown, canary: unknown) {
  const found: Difference[] = [];
  collect(stable, canary, '', found);
  return {
    differences: found.slice(0, MOST),
    hasMore: found.length > MOST,
  };
}
