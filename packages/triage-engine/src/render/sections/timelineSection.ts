// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { codeSpan } from '../markup/codeSpan';
import { markdownTable } from '../markup/markdownTable';
import type { RenderLimits } from '../renderLimits';
import { minuteOf } from './alertWords';
import { andMore } from './andMore';

/** What happened around an alert; of many entries those next to its start. */
export function timelineSection(
  report: TriageReport,
  limits: RenderLimits,
): string[] {
  const { timeline = [], incident } = report;
  const start = Date.parse(incident.alert?.startsAt ?? '');
  const near = new Set(
    [...timeline]
      .sort(
        (a, b) =>
          Math.abs(Date.parse(a.at) - start) -
          Math.abs(Date.parse(b.at) - start),
      )
      .slice(0, limits.timeline),
  );
  const shown = timeline.filter(entry => near.has(entry));
  if (shown.length === 0) {
    return [];
  }
  return [
    '#### What happened around it',
    markdownTable(
      ['When', 'What', ''],
      shown.map(({ at, source, text }) => [
        minuteOf(at),
        codeSpan(text, 200),
        codeSpan(source, 100),
      ]),
    ),
    ...andMore(timeline.length, shown.length),
  ];
}
