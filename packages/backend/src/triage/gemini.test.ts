// SPDX-License-Identifier: Apache-2.0
import triageModuleGemini from '@greenroom/plugin-triage-backend-module-gemini';
import { FakeGithub } from './__testUtils__/FakeGithub';
import {
  geminiAnswers,
  startFakeGemini,
  type FakeGemini,
  type GeminiHandler,
} from './__testUtils__/standIns';
import { FAILING_LOG, startPortal } from './__testUtils__/startPortal';

jest.setTimeout(120_000);

const LIE = 'The disk of the runner is full';

/** What a model may do, what the report says of it, and how often it is asked. */
const FAULTS: Array<[string, GeminiHandler, string, number]> = [
  [
    'is slow',
    geminiAnswers.slow(60_000, () => {}),
    'did not answer in time',
    1,
  ],
  [
    'has no quota now',
    geminiAnswers.quota(30),
    'quota at Gemini is used up',
    1,
  ],
  ['is cut off', geminiAnswers.truncated, 'was cut off', 1],
  ['blocks', geminiAnswers.blocked, 'blocked the request or its answer', 1],
  ['answers another form', geminiAnswers.malformed, 'the form asked for', 1],
  ['answers prose', geminiAnswers.noJson, 'the form asked for', 1],
  ['fails', geminiAnswers.failing(500, 'INTERNAL'), 'or had an error', 3],
  ['is overloaded', geminiAnswers.failing(503, 'UNAVAILABLE'), 'an error', 3],
  [
    'refuses the key',
    geminiAnswers.failing(403, 'PERMISSION_DENIED'),
    'refused the credentials',
    1,
  ],
  ['hangs up', (_, response) => response.destroy(), 'could not be reached', 3],
];

describe('triage with a model that', () => {
  let github: FakeGithub;
  let gemini: FakeGemini;
  let portal: Awaited<ReturnType<typeof startPortal>>;
  let ids = 800;

  beforeAll(async () => {
    github = new FakeGithub();
    await github.start();
    gemini = await startFakeGemini();
    portal = await startPortal({
      github,
      features: [triageModuleGemini],
      triage: {
        gemini: {
          apiKey: 'key-of-the-test',
          baseUrl: gemini.url,
          maxAttempts: 3,
          attemptTimeout: 1_500,
          timeout: { seconds: 15 },
          budgets: { perMinute: { requests: 1_000 } },
        },
      },
    });
  });

  afterAll(async () => {
    await portal?.stop();
    await gemini?.stop();
    await github?.stop();
  });

  /** A run of its own, with a commit of its own, from webhook to comment. */
  const report = async () => {
    const id = ids++;
    const run = { id, sha: `${id}`.padStart(40, 'e'), log: FAILING_LOG };
    github.runs.push(run);
    expect(await portal.send(run)).toBe(202);
    const isOurs = ({ runId }: { runId?: string }) => runId === String(id);
    const incidents = await portal.waitFor(
      items => items.find(isOurs)?.progress.stage === 'done',
    );
    const details = await portal.get(incidents.find(isOurs)?.id ?? '');
    const comments = github.comments.filter(({ on }) => on === run.sha);
    expect(comments).toHaveLength(1);
    if (!details.report) {
      throw new Error('there is no report');
    }
    return { report: details.report, comment: comments[0].body };
  };

  it.each(FAULTS)(
    '%s: the report of the rules, which says so',
    async (_, answer, reason, requests) => {
      gemini.answer(answer);
      const { report: made, comment } = await report();
      expect(made.ai).toMatchObject({
        status: 'failed',
        reason: expect.stringContaining(reason),
      });
      expect(made.ai.reason).toContain('What rules found is complete');
      expect(made.failure.type).toBe('unit-test');
      expect(made.rootCause.outcome).toBe('identified');
      expect(made.claims).toEqual([]);
      expect(made.nextSteps.every(({ by }) => by === 'rule')).toBe(true);
      expect(comment.replaceAll('\\', '')).toContain(reason);
      expect(gemini.requests).toHaveLength(requests);
    },
  );

  it('quotes what is not in the log: nothing of it is shown', async () => {
    gemini.answer(geminiAnswers.lying(LIE));
    const { report: made, comment } = await report();
    expect(made.ai.status).toBe('answered');
    expect(made.ai.droppedClaims).toBeGreaterThan(0);
    expect(JSON.stringify(made)).not.toContain(LIE);
    expect(comment).not.toContain(LIE);
    expect(made.rootCause.outcome).toBe('identified');
    expect(gemini.requests).toHaveLength(1);
  });
});
