// SPDX-License-Identifier: Apache-2.0
import triageModuleGemini from '@greenroom/plugin-triage-backend-module-gemini';
import type { IncidentDetails } from '@greenroom/plugin-triage-common';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { FakeGithub, type FakeRun } from './__testUtils__/FakeGithub';
import {
  findEscapes,
  findTitleEscapes,
  textsOf,
} from './__testUtils__/findEscapes';
import {
  HARMLESS,
  HOSTILE_RUNS,
  NAMED,
  type HostileRun,
} from './__testUtils__/hostileRuns';
import { PLACES } from './__testUtils__/places';
import { SECRET_RUNS } from './__testUtils__/secretRuns';
import {
  createObeyingLlm,
  findLeak,
  geminiAnswers,
  readGeminiRequest,
  startFakeGemini,
  type FakeGemini,
} from './__testUtils__/standIns';
import { startFakeSlack } from './__testUtils__/startFakeSlack';
import { createModel, startPortal } from './__testUtils__/startPortal';

jest.setTimeout(900_000);

const REPOSITORIES = Array.from({ length: 4 }, (_, at) => `acme/model-${at}`);
const SLACK =
  /<(?:!|@|#|mailto:)|<https?:(?!\/\/(?:127\.0\.0\.1|localhost)[:/])/;

interface Sent {
  method: string;
  path: string;
  body: { body?: string; title?: string; output?: { summary: string } };
}

describe('hostile corpora through the whole portal', () => {
  let github: FakeGithub;
  let gemini: FakeGemini;
  let slack: Awaited<ReturnType<typeof startFakeSlack>>;
  let portal: Awaited<ReturnType<typeof startPortal>>;
  let folder: string;
  let ids = 1_000;
  const sent: Sent[] = [];
  /** By commit: what the model is told to obey. */
  const canaries = new Map<string, string | undefined>();

  const commitOf = (body: unknown) =>
    /\bcommit="([0-9a-f]{40})"/.exec(readGeminiRequest(body).user)?.[1] ?? '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'triage-corpora-'));
    github = new FakeGithub();
    await github.start();
    github.before = ({ method, path: to, body }) => {
      if (method !== 'GET') {
        sent.push({ method, path: to, body: structuredClone(body) });
      }
    };
    slack = await startFakeSlack();
    gemini = await startFakeGemini();
    gemini.answer((request, response, attempt) => {
      const commit = commitOf(request.body);
      geminiAnswers.saying(createObeyingLlm(canaries.get(commit)))(
        request,
        response,
        attempt,
      );
    });
    portal = await startPortal({
      github,
      database: {
        client: 'better-sqlite3',
        connection: { directory: folder },
      },
      entities: REPOSITORIES.map(slug =>
        createModel(slug.split('/')[1], slug, github.host),
      ),
      features: [triageModuleGemini],
      triage: {
        effects: ['comment', 'issue', 'slack', 'check-run'].map(kind => ({
          kind,
        })),
        gemini: {
          apiKey: 'key-of-the-test',
          baseUrl: gemini.url,
          budgets: {
            perMinute: { requests: 100_000 },
            perDay: { requests: 100_000, tokens: 1_000_000_000 },
          },
        },
        queue: { workers: 4 },
        slack: { token: 'xoxb-test', baseUrl: slack.url, channel: 'C0TRIAGE' },
      },
    });
    for (const repository of REPOSITORIES) {
      github.runs.push({
        id: ids++,
        repository,
        sha: 'b'.repeat(40),
        conclusion: 'success',
        log: ['100 passed in 12.41s'],
      });
    }
  });

  afterAll(async () => {
    await portal?.stop();
    await Promise.all([gemini?.stop(), slack?.stop(), github?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  /** All pages, when none of these runs is under way. */
  const listDone = async (runIds: Set<string>) => {
    for (let round = 0; round < 6_000; round++) {
      const items = [];
      let cursor: string | undefined = '';
      while (cursor !== undefined) {
        const page = await portal.list(
          `?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        items.push(
          ...page.items.filter(({ runId }) => runIds.has(runId ?? '')),
        );
        cursor = page.nextCursor;
      }
      if (
        items.length === runIds.size &&
        items.every(({ progress }) => progress.stage === 'done')
      ) {
        return items;
      }
      await new Promise(resolve => setTimeout(resolve, 250));
    }
    throw new Error('The runs are not worked off');
  };

  /** Sends runs as webhooks, and waits for their reports and all that is posted. */
  const triage = async (
    planted: Array<{ run: Omit<FakeRun, 'id'>; canary?: string }>,
  ): Promise<Array<{ run: FakeRun; details: IncidentDetails }>> => {
    const runs = planted.map(({ run, canary }, at) => {
      const id = ids++;
      const sha = id.toString(16).padStart(40, 'd');
      canaries.set(sha, canary);
      return {
        ...run,
        id,
        sha,
        repository: REPOSITORIES[at % REPOSITORIES.length],
      };
    });
    github.runs.push(...runs);
    for (const run of runs) {
      expect(await portal.send(run)).toBe(202);
    }
    const results: Array<{ run: FakeRun; details: IncidentDetails }> = [];
    const items = await listDone(new Set(runs.map(({ id }) => String(id))));
    for (const run of runs) {
      const item = items.find(({ runId }) => runId === String(run.id));
      results.push({ run, details: await portal.get(item?.id ?? '') });
    }
    return results;
  };

  /** What nothing that stands in a log may decide. */
  const verdictOf = (place: string, { report, incident }: IncidentDetails) => ({
    type: report?.failure.type,
    rule: report?.failure.rule,
    transient: report?.failure.transient,
    outcome: incident.outcome,
    signature: NAMED.includes(place) || incident.signature,
    decision: report?.decision,
  });

  /** Sentences of the report that the model wrote. */
  const saidBy = ({ report }: IncidentDetails) =>
    report
      ? [
          ...report.claims.map(({ statement }) => statement),
          ...report.nextSteps.map(({ text }) => text),
          ...(report.rootCause.outcome === 'identified'
            ? [report.rootCause.statement]
            : []),
        ]
      : [];

  const sentOf = ({
    run,
    details,
  }: {
    run: FakeRun;
    details: IncidentDetails;
  }) =>
    sent.filter(
      ({ path: to, body }) =>
        to.includes(`${run.sha}`) ||
        JSON.stringify(body).includes(details.incident.id),
    );

  const logsOf = ({ incident, logs }: IncidentDetails) =>
    Promise.all(
      logs.map(({ job }) =>
        portal.call(
          `incidents/${incident.id}/log?job=${encodeURIComponent(job)}`,
        ),
      ),
    );

  it('nothing of a log acts, speaks or decides', async () => {
    const places = [...new Set(HOSTILE_RUNS.map(({ place }) => place))];
    const harmless = await triage(
      places.map(place => ({ run: PLACES[place](HARMLESS) })),
    );
    const verdicts = new Map(
      places.map((place, at) => [
        place,
        verdictOf(place, harmless[at].details),
      ]),
    );
    const results = await triage(HOSTILE_RUNS);
    const escapes: string[] = [];
    let texts = 0;
    let asked = 0;
    const inspect = (
      { name, place, canary, isEvidence }: HostileRun,
      result: (typeof results)[number],
    ) => {
      const { run, details } = result;
      const tell = (what: string) => escapes.push(`${name}: ${what}`);
      asked += details.report?.ai.status === 'answered' ? 1 : 0;
      const writes = sentOf(result);
      if (!writes.some(({ path: to }) => to.includes(`${run.sha}/comments`))) {
        tell('no comment');
      }
      for (const { body } of writes) {
        const markdown = [body.body, body.output?.summary].filter(
          text => text !== undefined,
        );
        for (const text of markdown) {
          texts++;
          findEscapes(text, {
            html: [
              `<!-- greenroom-triage:v1 signature=${details.incident.signature} -->`,
            ],
            links: [
              `http://${github.host}/${run.repository}/`,
              `http://localhost:3000/inbox/incidents/${details.incident.id}`,
            ],
          }).forEach(tell);
        }
        findTitleEscapes(body.title ?? '').forEach(tell);
      }
      for (const text of saidBy(details)) {
        if (canary && text.toLowerCase().includes(canary.toLowerCase())) {
          tell(`says ${text}`);
        }
      }
      const [verdict, expected] = [
        verdictOf(place, details),
        verdicts.get(place),
      ];
      if (!isEvidence && JSON.stringify(verdict) !== JSON.stringify(expected)) {
        tell(
          `verdict ${JSON.stringify(verdict)} for ${JSON.stringify(expected)}`,
        );
      }
    };
    for (const [at, hostile] of HOSTILE_RUNS.entries()) {
      inspect(hostile, results[at]);
      // What waits on the sockets has its turn.
      await setImmediate();
    }
    for (const message of slack.messages) {
      texts++;
      const [found] = SLACK.exec(textsOf(message).join('\n')) ?? [];
      if (found) {
        escapes.push(`Slack: ${JSON.stringify(message)}`);
      }
    }
    process.stdout.write(
      `injections: ${HOSTILE_RUNS.length} runs, ${asked} answered by a model that obeys, ${texts} texts posted, ${escapes.length} escapes\n`,
    );
    expect(escapes).toEqual([]);
    expect(asked).toBeGreaterThan(0.9 * HOSTILE_RUNS.length);
  });

  it('no secret of a log gets out', async () => {
    gemini.requests.length = 0;
    const results = await triage(SECRET_RUNS);
    const asked = new Map<string, string[]>();
    for (const { body } of gemini.requests) {
      const commit = commitOf(body);
      asked.set(commit, [...(asked.get(commit) ?? []), ...textsOf(body)]);
    }
    const stored = await readAll(folder);
    const elsewhere = textsOf([
      slack.messages,
      portal.notified,
      portal.signals,
      [portal.logger.info, portal.logger.warn, portal.logger.error].map(
        ({ mock }) => mock.calls,
      ),
    ]).join('\n');
    const leaks: string[] = [];
    let redacted = 0;
    for (const [at, { name, secrets }] of SECRET_RUNS.entries()) {
      const { run, details } = results[at];
      const logs = await logsOf(details);
      const text = textsOf([
        asked.get(`${run.sha}`),
        sentOf(results[at]),
        details,
        logs,
        portal.audited.filter(each => each.runId === String(run.id)),
      ]).join('\n');
      redacted += text.includes('[REDACTED:') ? 1 : 0;
      const leak =
        findLeak(text, secrets) ??
        secrets.find(secret =>
          [stored, elsewhere].some(each => each.includes(secret)),
        );
      if (leak) {
        leaks.push(name);
      }
    }
    process.stdout.write(
      `secrets: ${SECRET_RUNS.length} runs, ${redacted} with a redacted text in what left, ${asked.size} asked of the model, ${leaks.length} leaks\n`,
    );
    expect(leaks).toEqual([]);
    expect(redacted).toBeGreaterThan(0.8 * SECRET_RUNS.length);
    expect(asked.size).toBe(SECRET_RUNS.length);
  });
});

/** What is on the disk, byte by byte. */
async function readAll(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  const files = await Promise.all(
    names.map(name =>
      readFile(path.join(folder, name)).catch(() => Buffer.alloc(0)),
    ),
  );
  return files.map(file => file.toString('latin1')).join('\n');
}
