// SPDX-License-Identifier: Apache-2.0
import type { Request, Response, Router } from 'express';

/** A check run that the fake has. */
export interface FakeCheckRun {
  id: number;
  head_sha: string;
  external_id: string;
  details_url: string;
  status: string;
  conclusion: string;
  output: { title: string; summary: string; annotations?: unknown[] };
}

/** GitHub's check runs of one repository, below `repo`. */
export function addCheckRunRoutes(
  router: Router,
  repo: string,
  options: {
    checkRuns: FakeCheckRun[];
    nextId: () => number;
    after: (req: Request, res: Response) => Promise<void> | void;
  },
): void {
  const { checkRuns, nextId, after } = options;
  router.get(`${repo}/commits/:sha/check-runs`, (req, res) => {
    const found = checkRuns.filter(each => each.head_sha === req.params.sha);
    res.json({ total_count: found.length, check_runs: found });
  });
  router.post(`${repo}/check-runs`, async (req, res) => {
    const made = { ...req.body, id: nextId() };
    checkRuns.push(made);
    await after(req, res);
    res.status(201).json(made);
  });
  router.patch(`${repo}/check-runs/:id`, (req, res) => {
    const found = checkRuns.find(({ id }) => id === Number(req.params.id));
    if (!found) {
      res.status(404).json({ message: 'Not Found' });
      return;
    }
    const { output, ...rest } = req.body;
    // GitHub keeps the annotations of before, and adds those of the update.
    const annotations = [
      ...(found.output.annotations ?? []),
      ...(output.annotations ?? []),
    ];
    Object.assign(found, rest, { output: { ...output, annotations } });
    res.json(found);
  });
}
