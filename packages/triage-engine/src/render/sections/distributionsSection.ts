// SPDX-License-Identifier: Apache-2.0
import type {
  ReportedDistribution,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import { cutText, ellipsis } from '../../text/cutText';
import { collapsedText } from '../../text/oneLine';
import { visibleText } from '../../text/visibleText';
import { codeFence, codeSpan } from '../markup/codeSpan';

const BAR = 12;
const SHARE = 7;
const MAX_NAME = 120;
const MAX_BIN = 60;
/** As wide as a place on the axis. */
const MAX_LABEL = 16;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
/** Of a chart in which nothing has moved. */
const LEAST_TOP = 0.3;

const counted = (count: number) => Math.round(count).toLocaleString('en-US');

/** What mermaid may read as a name, and as nothing else: it has no way to escape. */
const NOT_A_LABEL = /[^\p{L}\p{N} _.-]/gu;

function percent(share: number): string {
  if (share > 0 && share < 0.0005) {
    return '<0.1 %';
  }
  return `${(share * 100).toFixed(1)} %`;
}

/** In eighths of a character; what is not nothing is seen. */
function bar(share: number, longest: number): string {
  const eighths =
    share > 0 ? Math.max(1, Math.round((share / longest) * BAR * 8)) : 0;
  return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8]}`;
}

/** The name stands last: it may be as wide as it likes, and begins no line. */
function tableOf({ bins }: ReportedDistribution): string[] {
  const longest = Math.max(...bins.flatMap(bin => [bin.reference, bin.now]));
  const column = (share: number) =>
    `${percent(share).padStart(SHARE)} ${bar(share, longest).padEnd(BAR)}`;
  return [
    `${'training'.padEnd(SHARE + BAR + 1)} ${'now'.padEnd(SHARE + BAR + 1)} | bin`,
    ...bins.map(
      ({ name, now, reference }) =>
        `${column(reference)} ${column(now)} | ${visibleText(cutText(name, MAX_BIN))}`,
    ),
  ];
}

function restOn({ psi, referenceRows, rows }: ReportedDistribution): string {
  return [
    ...(psi === undefined ? [] : [`PSI ${psi.toFixed(2)}`]),
    ...(referenceRows === undefined
      ? []
      : [`${counted(referenceRows)} rows at training`]),
    `${counted(rows)} rows now`,
  ].join(', ');
}

/** Numbered, since two names may look the same, and one like nothing. */
function labelOf(
  { name = 'predictions' }: ReportedDistribution,
  at: number,
): string {
  const plain = collapsedText(name.replace(NOT_A_LABEL, ' '));
  return ellipsis(`${at + 1} ${plain || 'feature'}`, MAX_LABEL);
}

function chart(distributions: ReportedDistribution[]): string[] {
  const known = distributions.flatMap((each, at) =>
    each.psi === undefined ? [] : [{ label: labelOf(each, at), psi: each.psi }],
  );
  if (known.length === 0) {
    return [];
  }
  const top = Math.max(LEAST_TOP, ...known.map(({ psi }) => psi * 1.1));
  return [
    'Effect by feature, as population stability index: 0.1 is moderate, 0.25 strong.',
    codeFence(
      [
        'xychart-beta',
        '    title "Population stability index"',
        `    x-axis [${known.map(({ label }) => `"${label}"`).join(', ')}]`,
        `    y-axis "PSI" 0 --> ${top.toFixed(2)}`,
        `    bar [${known.map(({ psi }) => Math.max(0, psi).toFixed(3)).join(', ')}]`,
      ],
      'mermaid',
    ),
  ];
}

/** How the features that moved the most were at training, beside now. */
export function distributionsSection({
  distributions = [],
}: TriageReport): string[] {
  const shown = distributions.filter(({ bins }) => bins.length > 0);
  if (shown.length === 0) {
    return [];
  }
  return [
    '#### Distributions at training and now',
    ...chart(shown),
    ...shown.flatMap((each, at) => [
      `${at + 1}: ${each.name === undefined ? 'the predictions' : codeSpan(each.name, MAX_NAME)}, ${restOn(each)}`,
      codeFence(tableOf(each)),
    ]),
  ];
}
