// SPDX-License-Identifier: Apache-2.0
import type { Request, Router } from 'express';
import { ZipFile } from 'yazl';
import type { FakeRun } from './FakeGithub';

/** A commit that a comparison has. */
export interface FakeCommit {
  sha: string;
  message: string;
  author: string;
  path: string;
  patch: string;
}

/** What else GitHub says of a run: artifacts, annotations, commits. */
export function addEvidenceRoutes(
  router: Router,
  repo: string,
  runsOf: (req: Request) => FakeRun[],
): void {
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
    const commits = runsOf(req).find(({ sha }) => sha === head)?.commits ?? [];
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

/** GitHub's archive of logs, with a file for the job and one for the step. */
export function zipLogs(run?: FakeRun): Promise<Buffer> {
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
