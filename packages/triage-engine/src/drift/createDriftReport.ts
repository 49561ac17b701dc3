// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Evidence, TriageReport } from '@greenroom/plugin-triage-common';
import { explain } from '../explain/explain';
import { createRedactor } from '../redact/createRedactor';
import { checkReport } from '../report/checkReport';
import { redactReport } from '../report/redactReport';
import type { TriageOptions } from '../report/types';
import { ellipsis } from '../text/cutText';
import { oneLine } from '../text/oneLine';
import { toDistributions } from './toDistributions';
import type { DriftedFeature, DriftFailure } from './types';

const DEFAULT_TIMEOUT_MS = 120_000;
const SOURCE = 'drift.json';
const MAX_FEATURES = 60;
const MAX_WINDOWS = 40;
const MAX_LINE = 300;
const SHOWN = 5;

const SEVERITIES = { P0: 'critical', P1: 'high', P2: 'medium' } as const;

/** `2026-11-29 23:51 UTC` */
const minute = (time: string) => `${time.slice(0, 16).replace('T', ' ')} UTC`;

const figure = (value: number) => String(Number(value.toPrecision(3)));

function describe(feature: DriftedFeature): string {
  const { level, name, observations, psi, qValue, shift, since } = feature;
  return [
    `${name ?? 'the predictions'}: ${level.replace('_', ' ')}`,
    ...(psi === undefined ? [] : [`PSI ${figure(psi)}`]),
    ...(shift === undefined
      ? []
      : [`mean ${shift < 0 ? '' : '+'}${figure(shift)} σ`]),
    ...(qValue === undefined ? [] : [`q ${figure(qValue)}`]),
    `${observations} values`,
    ...(since ? [`since ${minute(since)}`] : []),
  ].join(', ');
}

/** The figures as lines, so that a statement can be held against them. */
function linesOf(failure: DriftFailure): {
  lines: string[];
  /** Numbers of those that tell what moved, the first from 1. */
  telling: number[];
} {
  const features = failure.features.slice(0, MAX_FEATURES);
  const head = [
    `verdict ${failure.verdict}: ${failure.reason}`,
    ...(failure.modelVersion ? [`model version ${failure.modelVersion}`] : []),
  ];
  const lines = [
    ...head,
    ...features.map(describe),
    ...failure.windows
      .filter(({ rows }) => rows > 0)
      .slice(-MAX_WINDOWS)
      .map(
        ({ from, rows, verdict }) =>
          `window${from ? ` from ${minute(from)}` : ''}: ${verdict}, ${rows} rows`,
      ),
    ...failure.inputs,
  ].map(line => ellipsis(oneLine(line), MAX_LINE));
  const telling = features.flatMap(({ level }, index) =>
    level === 'far' || level === 'moved' ? [head.length + index + 1] : [],
  );
  return { lines, telling: [...telling, 1].slice(0, SHOWN) };
}

/** The same as long as the same features of the same model are away. */
function signatureOf({ features, incident, verdict }: DriftFailure): string {
  const names = features
    .filter(({ level }) => level === 'far')
    .map(({ name }) => name ?? '')
    .sort();
  return createHash('sha256')
    .update(
      JSON.stringify([incident.repository, incident.model, verdict, names]),
    )
    .digest('hex')
    .slice(0, 16);
}

function draft(failure: DriftFailure): TriageReport {
  const { incident, owner, reason, verdict } = failure;
  const { lines, telling } = linesOf(failure);
  const evidence: Evidence[] = telling.map(line => ({
    source: SOURCE,
    line,
    quote: lines[line - 1],
  }));
  return {
    schemaVersion: 1,
    incident: { ...incident, kind: 'drift' },
    failure: {
      type: 'drift',
      rule: `drift-${verdict}`,
      reason,
      evidence,
      signature: signatureOf(failure),
    },
    summary: `Drift ${verdict}${incident.model ? ` of ${incident.model}` : ''}: ${reason}.`,
    rootCause: {
      outcome: 'inconclusive',
      missing: [
        'Why it moved: the figures say what is other than in training, not what made it so.',
        'Labels of recent answers: with them a change of the data can be told from one of what is true.',
      ],
    },
    claims: [],
    nextSteps: [
      'Open the Drift tab: compare the distributions of the features that moved with those of training.',
      'Ask who delivers these features whether a source, a unit or a caller changed at that time.',
      'Train on newer rows only when the new data are right; the gate compares it with the champion.',
    ].map(text => ({ text, by: 'rule' as const, evidence: [] })),
    findings: [],
    tests: [],
    changes: [],
    suspects: [],
    excerpts: [
      {
        source: SOURCE,
        lines: lines.map((text, index) => ({ number: index + 1, text })),
        totalLines: lines.length,
        comparedWithPass: false,
      },
    ],
    distributions: toDistributions(failure.features),
    decision: {
      severity: SEVERITIES[verdict],
      priority: verdict,
      labels: ['triage', 'drift', `priority: ${verdict}`],
      ...(owner && { owner }),
      reasons: [`The analysis of drift computed ${verdict}.`],
    },
    ai: { status: 'off', droppedClaims: 0 },
    redactions: {},
    errors: [],
  };
}

/**
 * Tells of drift that greenroom-ml has computed; a model, where one is given, adds its
 * hypothesis (data, concept or decay) as far as the figures prove it. The verdict and
 * the priority are never its own.
 *
 * @throws Error when the report could not be made safe; the signal's reason
 *
 * @public
 */
export async function createDriftReport(
  failure: DriftFailure,
  options: TriageOptions = {},
): Promise<TriageReport> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = options.signal
    ? AbortSignal.any([options.signal, timeout])
    : timeout;
  const redactor = createRedactor({ knownSecrets: options.knownSecrets });
  const explained = await explain({
    draft: redactReport(draft(failure), redactor, []),
    llm: options.llm,
    redactor,
    signal,
    callerSignal: options.signal,
  });
  return checkReport(explained, redactor);
}
