// SPDX-License-Identifier: Apache-2.0
import {
  container,
  crashing,
  event,
  MISSING,
  NAME,
  NAMESPACE,
  pod,
  POD,
  READY,
  revisions,
  service,
  type Situation,
} from './__fixtures__/build';
import { documents } from './__fixtures__/documents';
import { publicIssues } from './__fixtures__/publicIssues';
import { RECORDED_AT, recorded } from './__fixtures__/recorded';
import { explainInferenceService } from './explainInferenceService';
import { toInferenceService } from './toInferenceService';
import type { KserveExplanation, KubernetesObject } from './types';

const NOW = Date.parse('2026-09-01T10:10:00Z');
const STATES = ['ready', 'progressing', 'degraded', 'stopped', 'unknown'];

function explain(
  { objects, logs }: Pick<Situation, 'objects' | 'logs'>,
  { name = NAME, now = NOW } = {},
) {
  return explainInferenceService({
    objects,
    logs,
    subject: { namespace: NAMESPACE, name },
    now,
  });
}

const flat = (text: string) =>
  text.toLowerCase().split(/\s+/).filter(Boolean).join(' ');

/** As JSON with a space behind each comma and colon, as kubectl's is once its lines are joined. */
function toText(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(toText).join(', ')}]`;
  }
  return typeof value === 'object' && value !== null
    ? `{${Object.entries(value)
        .map(([key, entry]) => `${JSON.stringify(key)}: ${toText(entry)}`)
        .join(', ')}}`
    : String(JSON.stringify(value));
}

/** All that is known, as one text in which every quote must stand. */
function inputOf({ objects, logs }: Pick<Situation, 'objects' | 'logs'>) {
  return flat(
    [toText(objects), ...Object.values(logs ?? {})]
      .join(' ')
      .replaceAll('\\n', ' ')
      .replaceAll('\\"', '"'),
  );
}

const percentages = (shares: KserveExplanation['traffic']) =>
  (shares ?? [])
    .map(({ percent }) => percent)
    .filter(Boolean)
    .sort();

describe('explainInferenceService', () => {
  it.each([
    ...documents.map(one => [one.name, one, undefined] as const),
    ...publicIssues.map(
      one => [`${one.name} (${one.source})`, one, undefined] as const,
    ),
    ...recorded.map(
      one =>
        [
          `recorded: ${one.name}`,
          one,
          { name: `${NAME}-${one.name}`, now: RECORDED_AT },
        ] as const,
    ),
  ])('%s', (_name, situation, of) => {
    const answer = explain(situation, of);
    expect(situation.state).toContain(answer.state);
    const said = flat([answer.sentence, ...answer.reasons].join(' '));
    expect(
      situation.words.filter(word => said.includes(flat(word))),
    ).not.toEqual([]);
    const input = inputOf(situation);
    const quotes = answer.evidence.map(({ quote }) => flat(quote));
    for (const quote of quotes) {
      expect(input).toContain(quote.replace(/…$/, ''));
    }
    const best = quotes.slice(0, 3).join('\n');
    expect(
      ['', ...situation.proof]
        .slice(situation.proof.length ? 1 : 0)
        .filter(words => best.includes(flat(words))),
    ).not.toEqual([]);
    expect(percentages(answer.traffic)).toEqual(
      percentages(situation.traffic ?? answer.traffic),
    );
    // The reason is no reason code, and something can be done where somebody must act.
    expect(answer.sentence).not.toMatch(/RevisionMissing|MinimumReplicas/);
    expect(answer.reasons[0]).toBe(answer.sentence);
    expect(answer.state === 'degraded' && !answer.next).toBe(false);
  });

  it('names the one cause first, however many echoes stand beside it', () => {
    const { sentence, evidence } = explain({
      objects: [
        service(MISSING, { status: revisions(1, 0) }),
        crashing("ModuleNotFoundError: No module named 'lightgbm'"),
        event(`Pod/${POD} BackOff: Back-off restarting failed container`),
        event(
          'InferenceService/churn InternalError: fails to update status: the object has been modified; please apply your changes to the latest version and try again',
        ),
      ],
    });
    expect(sentence).toBe(
      "The container kserve-container of the predictor fails: a module that the model needs is missing in the image (“ModuleNotFoundError: No module named 'lightgbm'”).",
    );
    expect(evidence[0]).toEqual({
      source: `Pod ${NAMESPACE}/${POD} · kserve-container last message`,
      quote: "ModuleNotFoundError: No module named 'lightgbm'",
    });
  });

  it('holds nothing against a container whose node was restarted', () => {
    const restarted = (last: string) =>
      explain({
        objects: [
          service(READY),
          pod([container('kserve-container', 'ready', { last, restarts: 4 })]),
        ],
      }).state;
    expect(restarted('ended:255/Unknown')).toBe('ready');
    expect(restarted('ended:1/Error')).toBe('degraded');
  });

  it("leaves another service's objects out", () => {
    const other = pod(
      [
        container('kserve-container', 'waiting:/CrashLoopBackOff', {
          last: 'ended:1/Error: no',
        }),
      ],
      {
        name: `${NAME}-eu-predictor-7c9d8f6b5-x2x4z`,
        labels: { 'serving.kserve.io/inferenceservice': `${NAME}-eu` },
      },
    );
    const unlabelled = {
      ...event(`Pod/${NAME}-eu-predictor-x FailedMount: no`),
    };
    const neighbour = {
      ...service(READY),
      metadata: { name: `${NAME}-eu`, namespace: NAMESPACE },
    };
    expect(
      explain({ objects: [service(READY), neighbour, other, unlabelled] })
        .state,
    ).toBe('ready');
  });

  it('shows hostile text without what would change how it is shown', () => {
    const hostile = `ValueError: \u001b[31mred\u202e gpj.exe ${'x'.repeat(100_000)}`;
    const answer = explain({
      objects: [
        service(MISSING, { status: revisions(1, 0) }),
        crashing(hostile),
      ],
      logs: { [`${POD}_kserve-container`]: hostile.repeat(5) },
    });
    const shown = [
      answer.sentence,
      answer.next,
      ...answer.reasons,
      ...answer.evidence.flatMap(one => [one.source, one.quote]),
    ];
    for (const text of shown) {
      expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
      expect(text.length).toBeLessThan(800);
    }
  });

  it('never throws, whatever is missing or of another type', () => {
    // A generator of our own, so that a failure can be repeated.
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const OTHERS: unknown[] = [
      null,
      undefined,
      0,
      -1,
      'x',
      '',
      true,
      [],
      {},
      [null],
      { a: 1 },
      NaN,
      '9'.repeat(500),
    ];
    const spoil = (value: unknown): unknown => {
      if (random(14) === 0) {
        return OTHERS[random(OTHERS.length)];
      }
      if (Array.isArray(value)) {
        return value.map(spoil);
      }
      return typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .filter(() => random(20) > 0)
              .map(([key, entry]) => [key, spoil(entry)]),
          )
        : value;
    };
    for (const situation of [...documents, ...publicIssues]) {
      for (let round = 0; round < 12; round++) {
        const material = {
          // The subject stays, what it holds does not.
          objects: situation.objects.map((one, index) => ({
            ...(spoil(one) as KubernetesObject),
            ...(index === 0 && {
              apiVersion: one.apiVersion,
              kind: one.kind,
              metadata: {
                ...(spoil(one.metadata) as object),
                name: NAME,
                namespace: NAMESPACE,
              },
            }),
          })),
          logs: spoil(situation.logs ?? {}) as Record<string, string>,
          subject: { namespace: NAMESPACE, name: NAME },
          now: NOW,
          cluster: 'local',
        };
        const before = JSON.stringify(material);
        const answer = explainInferenceService(material);
        expect(STATES).toContain(answer.state);
        expect(answer.sentence).not.toBe('');
        expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
        toInferenceService(material);
        expect(JSON.stringify(material)).toBe(before);
      }
    }
  });

  it('says so when there is no such service', () => {
    expect(explain({ objects: [] })).toMatchObject({
      state: 'unknown',
      evidence: [],
      traffic: null,
    });
  });
});
