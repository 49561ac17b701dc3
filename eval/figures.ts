// SPDX-License-Identifier: Apache-2.0

/** One row of the table. */
export interface Figure {
  part: string;
  what: string;
  value: number;
  target: number;
  /** Whether the value has to be at least the target, or at most. */
  bound: 'min' | 'max';
  unit: 'share' | 'count' | 'MB/s' | 'MB';
  /** The most that can be had on these data, where that is below the target. */
  ceiling?: number;
  /** Of the tail of the log at the same budget, where that can be said. */
  tail?: number;
  /** Of what, for people. */
  of?: string;
  /** Depends on the machine: shown, not a test. */
  timed?: boolean;
}

export const isReached = ({ value, target, bound }: Figure) =>
  bound === 'min' ? value >= target : value <= target;

/** So much of what can be had at all has to be there where a target cannot be reached. */
const SHARE_OF_CEILING = 0.96;

/** Whether a figure has not become worse than it has to be: what a test asks. */
export const isHeld = (figure: Figure) =>
  isReached(figure) ||
  (figure.ceiling !== undefined &&
    figure.ceiling < figure.target &&
    figure.value >= figure.ceiling * SHARE_OF_CEILING);

const show = (value: number, unit: Figure['unit']) =>
  unit === 'share' ? value.toFixed(3) : String(Math.round(value * 10) / 10);

/** The table as `npm run eval` prints it. */
export function renderFigures(figures: Figure[]): string {
  const rows = figures.map(figure => [
    isReached(figure) ? '✓' : '✗',
    figure.what,
    show(figure.value, figure.unit),
    `${figure.bound === 'min' ? '≥' : '≤'} ${show(figure.target, figure.unit)}`,
    figure.tail === undefined ? '' : `tail ${show(figure.tail, figure.unit)}`,
    [
      figure.unit === 'MB/s' || figure.unit === 'MB' ? figure.unit : '',
      figure.of ?? '',
      figure.ceiling !== undefined && figure.ceiling < figure.target
        ? `no more than ${show(figure.ceiling, figure.unit)} fits`
        : '',
    ]
      .filter(Boolean)
      .join(', '),
  ]);
  const widths = [0, 1, 2, 3, 4].map(column =>
    Math.max(...rows.map(row => row[column].length)),
  );
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
