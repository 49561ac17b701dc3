// SPDX-License-Identifier: Apache-2.0
import { emptyReport } from '../__fixtures__/exampleReports';
import {
  renderIncidentReport,
  type IncidentRecord,
} from './renderIncidentReport';

const AT = (minute: number) =>
  new Date(Date.UTC(2026, 10, 29, 2, minute)).toISOString();

function createRecord(overrides?: Partial<IncidentRecord>): IncidentRecord {
  return {
    title: 'ModelLatencyHigh of churn',
    url: 'https://portal.example/triage/1',
    startedAt: AT(31),
    endedAt: AT(55),
    report: {
      ...emptyReport(),
      summary: 'Answers are slow since the rollout.',
      rootCause: {
        outcome: 'identified',
        statement: 'The CPU limit was lowered to 100m.',
        confidence: 'high',
        evidence: [{ source: 'objects', line: 12, quote: 'cpu: 2 -> 100m' }],
      },
      nextSteps: [{ text: 'Raise the limit.', by: 'rule', evidence: [] }],
      metrics: [
        {
          expression: 'latency:p95',
          series: [
            {
              labels: {},
              points: [
                [Date.parse(AT(20)), 0.04],
                [Date.parse(AT(25)), 0.05],
                [Date.parse(AT(40)), 1.234],
                [Date.parse(AT(59)), 9],
              ],
            },
          ],
        },
      ],
      timeline: [
        {
          at: AT(22),
          source: 'Deployment churn',
          text: 'Rolled out revision 7',
        },
      ],
    },
    activity: [
      { at: AT(33), by: 'triage', action: 'reported' },
      { at: AT(36), by: 'user:default/jane', action: 'acknowledged' },
      {
        at: AT(56),
        by: 'user:default/jane',
        action: 'feedback',
        text: 'raised it again',
      },
    ],
    effects: [
      {
        kind: 'issue',
        status: 'done',
        at: AT(34),
        url: 'https://github.com/acme/churn/issues/9',
      },
    ],
    ...overrides,
  };
}

describe('the draft of an incident report', () => {
  it('says what happened when, the impact, who did what, each with its source', () => {
    const text = renderIncidentReport(createRecord());
    const rows = text.split('\n').filter(line => line.startsWith('| 2026'));
    expect(rows.map(row => row.split(' | ')[1])).toEqual([
      'Rolled out revision 7',
      'It began.',
      'reported',
      expect.stringContaining('issue done'),
      'acknowledged',
      'It was over.',
      'feedback: raised it again',
    ]);
    expect(rows[4]).toContain('`user:default/jane`');
    expect(text).toContain(
      'It was over at 2026-11-29 02:55:00 UTC, after 24 minutes. (the portal)',
    );
    // 9 was measured when it was over.
    expect(text).toContain(
      '`latency:p95` was at most 1.23, 0.05 (median) before (metrics)',
    );
    expect(text).toContain('The CPU limit was lowered to');
    expect(text).toContain('(line 12 of `objects`)');
    expect(text).toContain('- [ ] Raise the limit. (the rules of triage)');
    expect(text).not.toContain('What was done about it?');
    expect(text).toContain('> Draft made from');
    const sentences = text
      .split('## Open questions')[0]
      .split('\n')
      .filter(line => line.startsWith('- '));
    expect(sentences.filter(line => !line.endsWith(')'))).toEqual([]);
  });

  it('asks what is not known, and claims no cause', () => {
    const { metrics: _, ...report } = createRecord().report;
    const text = renderIncidentReport(
      createRecord({
        endedAt: undefined,
        activity: [],
        report: {
          ...report,
          rootCause: {
            outcome: 'inconclusive',
            missing: ['The log of the container.'],
          },
          nextSteps: [],
        },
      }),
    );
    expect(text).toContain('It is not over. (the portal)');
    expect(text).toContain('No line proves a root cause. (triage)');
    expect(text).toContain('- The log of the container. (triage)');
    expect(text).toContain('What was done about it? Nobody has said so');
    expect(text).toContain('Who was affected?');
    expect(text).toContain('No metric of that time');
  });

  it('lets hostile text mention, link and close nothing', () => {
    const hostile =
      '@everyone see https://evil.example ![x](//evil/p.png) #1 | a | <b>';
    const record = createRecord({
      title: hostile,
      activity: [
        {
          at: AT(40),
          by: 'user:default/@all',
          action: 'acknowledged',
          text: hostile,
        },
      ],
    });
    record.report.timeline = [{ at: AT(41), source: hostile, text: hostile }];
    const outside = renderIncidentReport(record).replace(/`[^`\n]*`/g, '');
    expect(outside).not.toMatch(/@\w|evil|#1|<b>|!\[/);
  });
});
