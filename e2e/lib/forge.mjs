import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

function readToken(stateDir) {
  return JSON.parse(
    fs.readFileSync(path.join(stateDir, 'secrets.json'), 'utf8'),
  ).forgeToken;
}

/** Speaks to forge as a developer does: git for code, REST for runs and logs. */
export function connectForge({
  forgeUrl,
  stateDir,
  token = readToken(stateDir),
}) {
  const api = async (route, body) => {
    const response = await fetch(`${forgeUrl}/api/v3${route}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${route}: ${response.status} ${await response.text()}`);
    }
    return response;
  };
  const json = async route => (await api(route)).json();

  return {
    json,

    post: (route, body) => api(route, body),

    /** Clones, lets `change` edit the work tree, pushes to main; resolves with the commit. */
    push(repository, message, change) {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-push-'));
      const git = (...args) =>
        execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
      try {
        const remote = new URL(`${forgeUrl}/${repository}.git`);
        remote.username = 'x-access-token';
        remote.password = token;
        git('clone', '--quiet', remote.href, '.');
        change(folder);
        git('add', '--all');
        git(
          '-c',
          'user.name=Jane',
          '-c',
          'user.email=jane@example.com',
          'commit',
          '--quiet',
          '-m',
          message,
        );
        git('push', '--quiet', 'origin', 'HEAD:main');
        return git('rev-parse', 'HEAD');
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    },

    /** The runs of the pipeline, without those that follow it, such as Triage. */
    async runsOfCI(repository, sha) {
      const { workflow_runs: runs } = await json(
        `/repos/${repository}/actions/workflows/ci.yml/runs${sha ? `?head_sha=${sha}` : ''}`,
      );
      return runs;
    },

    /** Waits for the commit's workflow run, and resolves with it, its jobs and their logs. */
    async completedRun(repository, sha, { timeoutMs = 180_000 } = {}) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const runs = await this.runsOfCI(repository, sha);
        if (runs.length > 0 && runs.every(run => run.status === 'completed')) {
          const run = runs[0];
          const { jobs } = await json(
            `/repos/${repository}/actions/runs/${run.id}/jobs`,
          );
          const logs = {};
          for (const job of jobs.filter(
            ({ conclusion }) => conclusion !== 'skipped',
          )) {
            logs[job.name] = await (
              await api(`/repos/${repository}/actions/jobs/${job.id}/logs`)
            ).text();
          }
          return { run, jobs, logs };
        }
        if (Date.now() > deadline) {
          throw new Error(`No completed run of ${sha} in ${repository}`);
        }
        await sleep(1000);
      }
    },
  };
}
