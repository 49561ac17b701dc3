// SPDX-License-Identifier: Apache-2.0
import type { ClassificationScore } from './score';

/** The confusion matrix as a table: labels down, answers across. */
export function formatConfusion(
  confusion: ClassificationScore['confusion'],
): string {
  const types = [
    ...new Set([
      ...Object.keys(confusion),
      ...Object.values(confusion).flatMap(Object.keys),
    ]),
  ].sort();
  const width = Math.max(...types.map(type => type.length)) + 1;
  const head = types.map((_, index) =>
    String.fromCharCode(97 + index).padStart(3),
  );
  const rows = types.map((type, index) => {
    const cells = types.map(answer =>
      String(confusion[type]?.[answer] ?? '.').padStart(3),
    );
    return `${type.padEnd(width)}${String.fromCharCode(97 + index)}${cells.join('')}`;
  });
  return [`${''.padEnd(width)} ${head.join('')}`, ...rows].join('\n');
}
