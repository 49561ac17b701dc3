// SPDX-License-Identifier: Apache-2.0
import express, { type Request, type Response } from 'express';
import Router from 'express-promise-router';
import { createHmac } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ZipFile } from 'yazl';

/** A run that the fake has. */
export interface FakeRun {
  id: number;
  attempt?: number;
  repository?: string;
  branch?: string;
  sha?: string;
  conclusion?: string;
  /** What the step that failed printed. */
  log?: string[];
  endedAt?: number;
  headRepository?: string;
  workflow?: string;
  job?: string;
  step?: string;
  /** What the job says on its check run. */
  annotations?: string[];
  /** Since the last green run. */
  commits?: FakeCommit[];
  /** Files by artifact. */
  artifacts?: Record<string, Record<string, string>>;
}

/** A commit that a comparison has. */
export interface FakeCommit {
  sha: string;
  message: string;
  author: string;
  path: string;
  patch: string;
}

interface Written {
  id: number;
  repository: string;
  body: string;
  /** Of a comment: where it is. */
  on?: string;
  state?: string;
  title?: string;
  labels?: string[];
  assignees?: string[];
}

export const SECRET = 'webhook-secret-of-the-test';
export const TOKEN = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
const WORKFLOW = 77;

/** The part of GitHub that triage uses, over HTTP. */
export class FakeGithub {
  readonly runs: FakeRun[] = [];
  readonly comments: Written[] = [];
  readonly issues: Written[] = [];
  readonly issueComments: Written[] = [];
  readonly checkRuns: Written[] = [];
  /** Requests by method and path. */
  readonly requests: string[] = [];
  /** Runs before each answer; may delay it, or answer itself. */
  before?: (req: Request, res: Response) => Promise<void> | void;
  /** Runs when something was made, before that is answered; may break the connection. */
  after?: (req: Request, res: Response) => Promise<void> | void;
  #server?: Server;
  /** An hour ago: the ids of runs are seconds after it. */
  readonly #began = Date.now() - 3_600_000;
  #ids = 1_000;

  async start(): Promise<void> {
    const app = express();
    app.use(express.json({ limit: '1mb' }));
    app.use('/api/v3', this.#routes());
    await new Promise<void>(resolve => {
      this.#server = app.listen(0, '127.0.0.1', resolve);
    });
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise(resolve => this.#server?.close(resolve));
  }

  get host(): string {
    return `127.0.0.1:${(this.#server?.address() as AddressInfo).port}`;
  }

  /** What `integrations.github` says of it. */
  get integration() {
    return {
      host: this.host,
      apiBaseUrl: `http://${this.host}/api/v3`,
      token: TOKEN,
    };
  }

  /** A webhook of a run, as GitHub signs it. */
  event(run: FakeRun, secret: string = SECRET) {
    const repository = run.repository ?? 'acme/churn';
    const body = JSON.stringify({
      action: 'completed',
      workflow_run: this.#run(run),
      repository: {
        full_name: repository,
        default_branch: 'main',
        html_url: `http://${this.host}/${repository}`,
      },
    });
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    return {
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'workflow_run',
        'x-github-delivery': `${run.id}`,
        'x-hub-signature-256': `sha256=${signature}`,
      },
    };
  }

  #run(run: FakeRun) {
    const repository = run.repository ?? 'acme/churn';
    return {
      id: run.id,
      name: run.workflow ?? 'CI',
      path: '.github/workflows/ci.yml',
      run_attempt: run.attempt ?? 1,
      workflow_id: WORKFLOW,
      status: 'completed',
      conclusion: run.conclusion ?? 'failure',
      head_branch: run.branch ?? 'main',
      head_sha: run.sha ?? 'a'.repeat(40),
      html_url: `http://${this.host}/${repository}/actions/runs/${run.id}`,
      updated_at: new Date(
        run.endedAt ?? this.#began + run.id * 1_000,
      ).toISOString(),
      head_repository: { full_name: run.headRepository ?? repository },
      repository: { full_name: repository },
    };
  }

  #routes() {
    const router = Router();
    const repo = '/repos/:owner/:repo';
    const nameOf = ({ params }: Request) => `${params.owner}/${params.repo}`;
    const runsOf = (req: Request) =>
      this.runs.filter(run => (run.repository ?? 'acme/churn') === nameOf(req));
    const runOf = (req: Request) =>
      runsOf(req).find(
        run =>
          run.id === Number(req.params.id) &&
          (run.attempt ?? 1) === Number(req.params.attempt),
      );

    router.use(async (req, res, next) => {
      this.requests.push(`${req.method} ${req.path}`);
      await this.before?.(req, res);
      if (res.headersSent) {
        return;
      }
      if (!`${req.headers.authorization}`.includes(TOKEN)) {
        res.status(401).json({ message: 'Bad credentials' });
        return;
      }
      next();
    });
    router.get(repo, (_req, res) => {
      res.json({ default_branch: 'main' });
    });
    router.get(`${repo}/actions/runs/:id/attempts/:attempt`, (req, res) => {
      const run = runOf(req);
      if (run) {
        res.json(this.#run(run));
      } else {
        res.status(404).json({ message: 'Not Found' });
      }
    });
    router.get(
      `${repo}/actions/runs/:id/attempts/:attempt/jobs`,
      (req, res) => {
        const run = runOf(req);
        const conclusion = run?.conclusion ?? 'failure';
        res.json({
          total_count: 1,
          jobs: [
            {
              id: Number(req.params.id) * 10,
              name: run?.job ?? 'Check',
              conclusion,
              started_at: '2026-11-29T00:00:00Z',
              completed_at: '2026-11-29T00:01:00Z',
              steps: [{ number: 2, name: run?.step ?? 'Test', conclusion }],
            },
          ],
        });
      },
    );
    router.get(
      `${repo}/actions/runs/:id/attempts/:attempt/logs`,
      async (req, res) => {
        res.type('application/zip').send(await zipLogs(runOf(req)));
      },
    );
    router.get(
      [`${repo}/actions/workflows/:workflow/runs`, `${repo}/actions/runs`],
      (req, res) => {
        const runs = runsOf(req)
          .filter(run => (run.conclusion ?? 'failure') === req.query.status)
          .filter(
            run =>
              !req.query.branch || (run.branch ?? 'main') === req.query.branch,
          );
        res.json({
          total_count: runs.length,
          workflow_runs: runs.map(run => this.#run(run)).reverse(),
        });
      },
    );
    this.#evidenceRoutes(router, repo, runsOf);
    router.get(`${repo}/commits/:sha/pulls`, (_req, res) => {
      res.json([]);
    });
    this.#writtenRoutes(router, repo, nameOf);
    router.use((_req, res) => {
      res.status(404).json({ message: 'Not Found' });
    });
    return router;
  }

  #evidenceRoutes(
    router: express.Router,
    repo: string,
    runsOf: (req: Request) => FakeRun[],
  ) {
    const runOf = (req: Request, id: number = Number(req.params.id)) =>
      runsOf(req).find(run => run.id === id);
    router.get(`${repo}/actions/runs/:id/artifacts`, (req, res) => {
      const names = Object.keys(runOf(req)?.artifacts ?? {});
      res.json({
        total_count: names.length,
        artifacts: names.map((name, index) => ({
          id: Number(req.params.id) * 10 + index,
          name,
          expired: false,
          size_in_bytes: 1_000,
        })),
      });
    });
    router.get(`${repo}/actions/artifacts/:id/zip`, async (req, res) => {
      const id = Number(req.params.id);
      const artifacts = runOf(req, Math.floor(id / 10))?.artifacts ?? {};
      const files = Object.values(artifacts)[id % 10] ?? {};
      res.type('application/zip').send(await zipFiles(files));
    });
    router.get(`${repo}/check-runs/:id/annotations`, (req, res) => {
      const run = runOf(req, Math.floor(Number(req.params.id) / 10));
      res.json((run?.annotations ?? []).map(message => ({ message })));
    });
    router.get(`${repo}/compare/:basehead`, (req, res) => {
      const [, head] = req.params.basehead.split('...');
      const commits =
        runsOf(req).find(({ sha }) => sha === head)?.commits ?? [];
      res.json({
        commits: commits.map(({ sha }) => ({ sha })),
        files: commits.map(({ path }) => ({ filename: path })),
      });
    });
    router.get(`${repo}/commits/:sha`, (req, res) => {
      const commit = runsOf(req)
        .flatMap(({ commits }) => commits ?? [])
        .find(({ sha }) => sha === req.params.sha);
      if (!commit) {
        res.status(404).json({ message: 'Not Found' });
        return;
      }
      const { sha, message, author, path, patch } = commit;
      res.json({
        sha,
        commit: { message, author: { name: author } },
        files: [{ filename: path, status: 'modified', patch }],
      });
    });
  }

  #writtenRoutes(
    router: express.Router,
    repo: string,
    nameOf: (req: Request) => string,
  ) {
    const show = (item: Written) => ({
      ...item,
      number: item.id,
      html_url: `http://${this.host}/${item.repository}/x/${item.id}`,
      author_association: 'MEMBER',
      user: { type: 'Bot' },
    });
    const listOf =
      (items: Written[], on?: (req: Request) => string) =>
      (req: Request, res: Response) => {
        res.json(
          items
            .filter(
              item => item.repository === nameOf(req) && item.on === on?.(req),
            )
            .map(show),
        );
      };
    const create =
      (items: Written[], on?: (req: Request) => string) =>
      async (req: Request, res: Response) => {
        const item = {
          state: 'open',
          ...req.body,
          id: this.#ids++,
          repository: nameOf(req),
          on: on?.(req),
        };
        items.push(item);
        await this.after?.(req, res);
        res.status(201).json(show(item));
      };
    const find = (items: Written[], id: string) =>
      items.find(item => item.id === Number(id));
    const one = (items: Written[]) => (req: Request, res: Response) => {
      const item = find(items, req.params.id);
      if (!item) {
        res.status(404).json({ message: 'Not Found' });
        return;
      }
      res.json(
        show(Object.assign(item, req.method === 'PATCH' ? req.body : {})),
      );
    };
    const sha = (req: Request) => req.params.sha;
    const id = (req: Request) => req.params.id;
    router.get(`${repo}/commits/:sha/comments`, listOf(this.comments, sha));
    router.post(`${repo}/commits/:sha/comments`, create(this.comments, sha));
    router.all(`${repo}/comments/:id`, one(this.comments));
    router.get(`${repo}/commits/:sha/check-runs`, (_req, res) => {
      res.json({ total_count: 0, check_runs: [] });
    });
    router.post(`${repo}/check-runs`, create(this.checkRuns));
    router.get(`${repo}/issues`, listOf(this.issues));
    router.post(`${repo}/issues`, create(this.issues));
    router.get(`${repo}/issues/:id/comments`, listOf(this.issueComments, id));
    router.post(`${repo}/issues/:id/comments`, create(this.issueComments, id));
    router.all(`${repo}/issues/:id`, one(this.issues));
  }
}

/** GitHub's archive of logs, with a file for the job and one for the step. */
function zipLogs(run?: FakeRun): Promise<Buffer> {
  const stamped = (run?.log ?? [])
    .map(line => `2026-11-29T00:00:30.0000000Z ${line}\n`)
    .join('');
  const nameOf = (name: string) => name.replace(/[<>:"/\\|?*\n\r]/g, '');
  const job = nameOf(run?.job ?? 'Check');
  return zipFiles({
    [`0_${job}.txt`]: stamped,
    [`${job}/2_${nameOf(run?.step ?? 'Test')}.txt`]: stamped,
  });
}

async function zipFiles(files: Record<string, string>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(text), name);
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) {
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}
