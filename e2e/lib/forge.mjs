// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** @param {string} stateDir @returns {string} */
function readToken(stateDir) {
  return JSON.parse(
    fs.readFileSync(path.join(stateDir, 'secrets.json'), 'utf8'),
  ).forgeToken;
}

/**
 * What of GitHub's answers is read here.
 *
 * @typedef {{ id: number, status: string, conclusion: string | null, head_sha: string, html_url: string, updated_at: string }} WorkflowRun
 * @typedef {{ id: number, name: string, conclusion: string | null }} Job
 * @typedef {ReturnType<typeof connectForge>} Forge
 */

/**
 * Speaks to forge as a developer does: git for code, REST for runs and logs.
 *
 * @param {{ forgeUrl: string } & ({ stateDir: string } | { token: string })} forge
 */
export function connectForge({ forgeUrl, ...access }) {
  const token = 'token' in access ? access.token : readToken(access.stateDir);

  /** @param {string} route @param {object} [body] @param {string} [method] */
  const api = async (route, body, method = body ? 'POST' : 'GET') => {
    const response = await fetch(`${forgeUrl}/api/v3${route}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${route}: ${response.status} ${await response.text()}`);
    }
    return response;
  };
  const json = async (/** @type {string} */ route) => (await api(route)).json();

  return {
    /** @param {string} route @param {object} body */
    post: (route, body) => api(route, body),

    /** @param {string} route @param {object} body */
    patch: (route, body) => api(route, body, 'PATCH'),

    /** @param {string} route @returns {Promise<any>} */
    get: route => json(route),

    /**
     * Clones, lets `change` edit the work tree, pushes to main; returns the commit.
     *
     * @param {string} repository
     * @param {string} message
     * @param {(folder: string) => void} change
     */
    push(repository, message, change) {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-push-'));
      const git = (/** @type {string[]} */ ...args) =>
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

    /**
     * The runs of the pipeline, without those that follow it, such as Triage.
     *
     * @param {string} repository
     * @param {string} [sha]
     * @returns {Promise<WorkflowRun[]>}
     */
    async runsOfCI(repository, sha) {
      const { workflow_runs: runs } = await json(
        `/repos/${repository}/actions/workflows/ci.yml/runs${sha ? `?head_sha=${sha}` : ''}`,
      );
      return runs;
    },

    /**
     * Runs a workflow by hand, and resolves with its run once that is over.
     *
     * @param {string} repository
     * @param {string} workflow Its file.
     * @param {{ timeoutMs?: number }} [options]
     */
    async runWorkflow(repository, workflow, { timeoutMs = 180_000 } = {}) {
      const route = `/repos/${repository}/actions/workflows/${workflow}`;
      const { total_count: before } = await json(`${route}/runs`);
      await api(`${route}/dispatches`, { ref: 'main' });
      return this.finishedRun(repository, workflow, before, { timeoutMs });
    },

    /**
     * Waits until there are more than so many runs of a workflow, and the newest is over.
     *
     * @param {string} repository
     * @param {string} workflow Its file.
     * @param {number} before
     * @param {{ timeoutMs?: number }} [options]
     * @returns {Promise<WorkflowRun>}
     */
    async finishedRun(
      repository,
      workflow,
      before,
      { timeoutMs = 180_000 } = {},
    ) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const {
          total_count: count,
          workflow_runs: [run],
        } = await json(
          `/repos/${repository}/actions/workflows/${workflow}/runs`,
        );
        if (count > before && run.status === 'completed') {
          return run;
        }
        if (Date.now() > deadline) {
          throw new Error(
            `No run of ${workflow} in ${repository} ended in time`,
          );
        }
        await sleep(1000);
      }
    },

    /**
     * Waits for the commit's workflow run, and resolves with it, its jobs and their logs.
     *
     * @param {string} repository
     * @param {string} sha
     * @param {{ timeoutMs?: number }} [options]
     */
    async completedRun(repository, sha, { timeoutMs = 180_000 } = {}) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const runs = await this.runsOfCI(repository, sha);
        if (runs.length > 0 && runs.every(run => run.status === 'completed')) {
          const run = runs[0];
          /** @type {{ jobs: Job[] }} */
          const { jobs } = await json(
            `/repos/${repository}/actions/runs/${run.id}/jobs`,
          );
          /** @type {Record<string, string>} By the job's name. */
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
