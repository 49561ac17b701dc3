// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import type { Forge } from '../Forge';
import { gitEnvironment } from '../git/git';
import { resolveCommit } from '../git/refs';
import { notFound } from '../http/errors';
import type { ForgeRepository } from '../types';
import { RouteTable, type Behind } from '../http/RouteTable';

const FORMATS = {
  tarball: { git: 'tar.gz', type: 'application/x-gzip', extension: 'tar.gz' },
  zipball: { git: 'zip', type: 'application/zip', extension: 'zip' },
} as const;

/** `tarball` and `zipball`, with the one top folder that GitHub's archives have. */
export function archiveRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  const archive =
    (kind: keyof typeof FORMATS) =>
    async ({
      repository,
      req,
      res,
    }: Behind<'contents:read', ForgeRepository>) => {
      const sha = await resolveCommit(
        repository.gitDir,
        req.params.ref || repository.defaultBranch,
      );
      if (!sha) {
        throw notFound();
      }
      const format = FORMATS[kind];
      const name = `${repository.owner}-${repository.name}-${sha.slice(0, 7)}`;
      await new Promise<void>((resolve, reject) => {
        const child = spawn(
          'git',
          ['archive', `--format=${format.git}`, `--prefix=${name}/`, sha],
          {
            cwd: repository.gitDir,
            env: { ...gitEnvironment(), GIT_DIR: repository.gitDir },
            stdio: ['ignore', 'pipe', 'ignore'],
          },
        );
        child.on('error', reject);
        res.setHeader('Content-Type', format.type);
        res.attachment(`${name}.${format.extension}`);
        child.stdout.pipe(res, { end: false });
        res.on('close', () => child.kill());
        child.on('close', code => {
          if (code === 0) {
            res.end();
          } else {
            // Too late for an error answer: a broken connection tells that the archive is not whole.
            res.destroy();
          }
          resolve();
        });
      });
    };

  for (const kind of ['tarball', 'zipball'] as const) {
    routes.get(
      [`/${kind}/:ref(*)`, `/${kind}`],
      'contents:read',
      archive(kind),
    );
  }
  return routes;
}
