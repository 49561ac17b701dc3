// SPDX-License-Identifier: Apache-2.0
import {
  FAILURE_TYPES,
  triageReportSchema,
  type Finding,
} from '@greenroom/plugin-triage-common';
import { decide } from './decide';
import { TRIAGE_LABELS } from './policy';

const finding = (
  kind: Finding['kind'],
  severity: Finding['severity'],
): Finding => ({
  tool: 'trivy',
  kind,
  rule: 'CVE-2026-1',
  message: 'x',
  severity,
});

const place = (
  type: (typeof FAILURE_TYPES)[number],
  change: Partial<Parameters<typeof decide>[0]> = {},
) => decide({ type, findings: [], tests: [], ...change });

describe('decide', () => {
  it('answers for every type and place, with labels of the list only', () => {
    for (const type of FAILURE_TYPES) {
      for (const environment of [
        'dev',
        'staging',
        'prod',
        undefined,
      ] as const) {
        for (const isProtected of [true, false, undefined]) {
          const decision = place(type, {
            environment,
            isProtected,
            owner: 'group:default/churn-team',
          });
          triageReportSchema.shape.decision.parse(decision);
          expect(TRIAGE_LABELS).toEqual(
            expect.arrayContaining(decision.labels),
          );
          expect(decision.labels).toContain(`priority: ${decision.priority}`);
          expect(decision.owner).toBe('group:default/churn-team');
          expect(decision.reasons[0]).toContain(`Type ${type} `);
        }
      }
    }
  });

  it.each([
    ['secret', { isProtected: true }, 'critical', 'P1'],
    ['secret', {}, 'high', 'P2'],
    ['unit-test', { isProtected: true }, 'high', 'P2'],
    ['unit-test', {}, 'medium', 'P3'],
    ['gate', { isProtected: true }, 'high', 'P2'],
    ['lint', { isProtected: true }, 'medium', 'P3'],
    ['flaky', { isProtected: true }, 'low', 'P3'],
    ['image-pull', { environment: 'prod' }, 'critical', 'P0'],
    ['argo-sync', { environment: 'prod' }, 'critical', 'P0'],
    ['argo-sync', { environment: 'staging', isProtected: true }, 'high', 'P1'],
    ['unit-test', { environment: 'prod' }, 'high', 'P2'],
    ['unknown', {}, 'medium', 'P3'],
  ] as const)('%s %j is %s, %s', (type, change, severity, priority) => {
    expect(place(type, change)).toMatchObject({ severity, priority });
  });

  it('raises a scan by its worst finding, on a protected branch to P1', () => {
    const findings = [
      finding('container-cve', 'low'),
      finding('container-cve', 'critical'),
    ];
    expect(place('container-cve', { findings, isProtected: true })).toEqual({
      severity: 'critical',
      priority: 'P1',
      labels: ['triage', 'security', 'priority: P1'],
      reasons: [
        'Type container-cve on a protected branch: the image scan stops the release.',
        'The worst finding of this scan is critical.',
      ],
    });
    expect(place('container-cve', { findings })).toMatchObject({
      priority: 'P2',
    });
  });

  it('is not raised by findings of another kind, and P0 by no finding', () => {
    const findings = (
      ['lint', 'test', 'sast', 'sca', 'secret', 'container-cve'] as const
    ).map(kind => finding(kind, 'critical'));
    expect(place('unit-test', { findings })).toEqual(place('unit-test'));
    for (const type of FAILURE_TYPES) {
      expect(place(type, { findings, isProtected: true }).priority).not.toBe(
        'P0',
      );
    }
  });

  it('says how many tests failed', () => {
    const test = (failed: number | undefined, names: string[]) => ({
      framework: 'pytest',
      source: 'log',
      failed,
      failedTests: names.map(name => ({ name })),
    });
    expect(
      place('unit-test', {
        tests: [test(3, ['a']), test(undefined, ['b'])],
      }).reasons,
    ).toContain('4 tests failed.');
    expect(place('unit-test', { tests: [test(1, ['a'])] }).reasons).toContain(
      '1 test failed.',
    );
  });
});
