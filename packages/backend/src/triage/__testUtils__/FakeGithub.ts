// SPDX-License-Identifier: Apache-2.0
import express, { type Request, type Response } from 'express';
import Router from 'express-promise-router';
import { createHmac } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addCheckRunRoutes, type FakeCheckRun } from './fakeCheckRuns';
import {
  addDispatchRoutes,
  type FakeDispatch,
  type FakePull,
} from './fakeDispatches';
import { addEvidenceRoutes, zipLogs, type FakeCommit } from './fakeEvidence';
import type { FakeWritten } from './FakeWritten';

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

export const SECRET = 'webhook-secret-of-the-test';
export const TOKEN = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
const WORKFLOW = 77;

/** The part of GitHub that triage uses, over HTTP. */
export class FakeGithub {
  readonly runs: FakeRun[] = [];
  readonly comments: FakeWritten[] = [];
  readonly issues: FakeWritten[] = [];
  readonly issueComments: FakeWritten[] = [];
  readonly checkRuns: FakeCheckRun[] = [];
  readonly dispatched: FakeDispatch[] = [];
  readonly running: string[] = [];
  readonly absent: string[] = [];
  readonly pulls: FakePull[] = [];
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
      res
        .status(run ? 200 : 404)
        .json(run ? this.#run(run) : { message: 'Not Found' });
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
    addDispatchRoutes(router, repo, this);
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
    addEvidenceRoutes(router, repo, runsOf);
    router.get(`${repo}/commits/:sha/pulls`, (_req, res) => {
      res.json([]);
    });
    this.#writtenRoutes(router, repo, nameOf);
    router.use((_req, res) => {
      res.status(404).json({ message: 'Not Found' });
    });
    return router;
  }

  #writtenRoutes(
    router: express.Router,
    repo: string,
    nameOf: (req: Request) => string,
  ) {
    const show = (item: FakeWritten) => ({
      ...item,
      number: item.id,
      html_url: `http://${this.host}/${item.repository}/x/${item.id}`,
      author_association: 'MEMBER',
      user: { type: 'Bot' },
    });
    const listOf =
      (items: FakeWritten[], on?: (req: Request) => string) =>
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
      (items: FakeWritten[], on?: (req: Request) => string) =>
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
    const find = (items: FakeWritten[], id: string) =>
      items.find(item => item.id === Number(id));
    const one = (items: FakeWritten[]) => (req: Request, res: Response) => {
      const item = find(items, req.params.id);
      if (!item) {
        res.status(404).json({ message: 'Not Found' });
        return;
      }
      if (req.method === 'DELETE') {
        items.splice(items.indexOf(item), 1);
        res.status(204).end();
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
    addCheckRunRoutes(router, repo, {
      checkRuns: this.checkRuns,
      nextId: () => this.#ids++,
      after: (req, res) => this.after?.(req, res),
    });
    router.get(`${repo}/issues`, listOf(this.issues));
    router.post(`${repo}/issues`, create(this.issues));
    router.get(`${repo}/issues/:id/comments`, listOf(this.issueComments, id));
    router.post(`${repo}/issues/:id/comments`, create(this.issueComments, id));
    router.all(`${repo}/issues/:id`, one(this.issues));
  }
}
