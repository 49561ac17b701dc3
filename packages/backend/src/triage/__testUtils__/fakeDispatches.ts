// SPDX-License-Identifier: Apache-2.0
import type { Request, Response, Router } from 'express';

/** A workflow that was started by hand, or by a program. */
export interface FakeDispatch {
  /** File of the workflow. */
  workflow: string;
  ref: string;
  inputs: Record<string, string>;
  at: string;
}

/** Starts workflows, and tells which of them run or ran. */
export function addDispatchRoutes(
  router: Router,
  repo: string,
  github: {
    host: string;
    dispatched: FakeDispatch[];
    running: string[];
    after?: (req: Request, res: Response) => Promise<void> | void;
  },
): void {
  router.post(
    `${repo}/actions/workflows/:workflow/dispatches`,
    async (req, res) => {
      github.dispatched.push({
        ...req.body,
        workflow: req.params.workflow,
        at: new Date().toISOString(),
      });
      await github.after?.(req, res);
      res.status(204).end();
    },
  );
  router.get(`${repo}/actions/workflows/:name.yml/runs`, (req, res) => {
    const { name, owner, repo: of }: Record<string, string> = req.params;
    const workflow = `${name}.yml`;
    const html_url = `http://${github.host}/${owner}/${of}/actions/runs/1`;
    const runs = [
      ...github.dispatched
        .filter(each => each.workflow === workflow)
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
