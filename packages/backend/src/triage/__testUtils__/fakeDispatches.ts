// SPDX-License-Identifier: Apache-2.0
import type { Request, Response, Router } from 'express';

/** A workflow that was started by hand, or by a program. */
export interface FakeDispatch {
  /** File of the workflow. */
  workflow: string;
  ref: string;
  inputs: Record<string, string>;
  at: string;
  repository: string;
}

/** An open pull request. */
export interface FakePull {
  repository: string;
  number: number;
  title: string;
  head: { ref: string; repo: { full_name: string } | null };
  labels: Array<{ name: string }>;
}

/** Starts workflows, and tells which of them run or ran. */
export function addDispatchRoutes(
  router: Router,
  repo: string,
  github: {
    host: string;
    dispatched: FakeDispatch[];
    running: string[];
    /** Files of workflows that no repository has. */
    absent: string[];
    pulls: FakePull[];
    after?: (req: Request, res: Response) => Promise<void> | void;
  },
): void {
  router.post(
    `${repo}/actions/workflows/:workflow/dispatches`,
    async (req, res) => {
      const {
        owner,
        repo: name,
        workflow,
      }: Record<string, string> = req.params;
      if (github.absent.includes(workflow)) {
        res.status(404).json({ message: 'Not Found' });
        return;
      }
      const { inputs, ref, return_run_details: wantsRun } = req.body;
      github.dispatched.push({
        inputs,
        ref,
        workflow,
        at: new Date().toISOString(),
        repository: `${owner}/${name}`,
      });
      await github.after?.(req, res);
      if (wantsRun) {
        res.json({
          workflow_run_id: github.dispatched.length,
          html_url: `http://${github.host}/${owner}/${name}/actions/runs/${github.dispatched.length}`,
        });
        return;
      }
      res.status(204).end();
    },
  );
  router.get(`${repo}/pulls`, (req, res) => {
    const { owner, repo: name }: Record<string, string> = req.params;
    res.json(
      req.query.page === '1'
        ? github.pulls.filter(
            ({ repository }) => repository === `${owner}/${name}`,
          )
        : [],
    );
  });
  router.get(`${repo}/actions/workflows/:name.yml/runs`, (req, res) => {
    const { name, owner, repo: of }: Record<string, string> = req.params;
    const workflow = `${name}.yml`;
    if (github.absent.includes(workflow)) {
      res.status(404).json({ message: 'Not Found' });
      return;
    }
    const html_url = `http://${github.host}/${owner}/${of}/actions/runs/1`;
    const runs = [
      ...github.dispatched
        .filter(
          each =>
            each.workflow === workflow && each.repository === `${owner}/${of}`,
        )
        .map(({ at }) => ({
          event: 'workflow_dispatch',
          status: 'completed',
          created_at: at,
          html_url,
        })),
      ...github.running
        .filter(each => each === workflow)
        .map(() => ({
          event: 'push',
          status: 'in_progress',
          created_at: new Date().toISOString(),
          html_url,
        })),
    ];
    res.json({ total_count: runs.length, workflow_runs: runs.reverse() });
  });
}
