// SPDX-License-Identifier: Apache-2.0
import { InputError } from '@backstage/errors';
import {
  createTemplateAction,
  serializeDirectoryContents,
} from '@backstage/plugin-scaffolder-node';
import type { Octokit } from '@octokit/rest';
import { describeUpgrade } from '../services/describeUpgrade';
import type { GithubRepositories } from '../services/GithubRepositories';
import { readHistory, type RepositoryName } from '../services/readHistory';
import { parseTemplateRecord, RECORD_PATH } from '../services/TemplateRecord';
import { UpgradeBranch } from '../services/UpgradeBranch';
import { repoUrl, token } from './schemaParts';
import { examples } from './createRepositoryUpgradeAction.examples';

/** GitHub computes whether a pull request can be merged after it was asked. */
const MERGEABLE = { tries: 6, waitMs: 1000 };

/** Opens the pull request of a branch, or gives the open one the new text. */
async function ensurePullRequest(
  octokit: Octokit,
  name: RepositoryName,
  pull: { branch: string; into: string; title: string; body: string },
) {
  const { branch, into, title, body } = pull;
  const open = await octokit.pulls.list({
    ...name,
    head: `${name.owner}:${branch}`,
    base: into,
    state: 'open',
  });
  const { data } = await (open.data.length > 0
    ? octokit.pulls.update({
        ...name,
        pull_number: open.data[0].number,
        title,
        body,
      })
    : octokit.pulls.create({ ...name, head: branch, base: into, title, body }));
  return { number: data.number, url: data.html_url };
}

/** Whether a pull request has conflicts; undefined where GitHub does not say in time. */
async function findConflicts(
  octokit: Octokit,
  name: RepositoryName,
  number: number,
): Promise<boolean | undefined> {
  for (let attempt = 0; attempt < MERGEABLE.tries; attempt++) {
    const { data } = await octokit.pulls.get({ ...name, pull_number: number });
    if (data.mergeable !== null) {
      return !data.mergeable;
    }
    await new Promise(resolve => setTimeout(resolve, MERGEABLE.waitMs));
  }
  return undefined;
}

/**
 * `ml:repository:upgrade`: opens a pull request that brings a model repository
 * to what the workspace holds, which is today's template with the repository's
 * answers. Its branch is one commit after the base, so that edits of the owner
 * and conflicts are those of any merge. A second run renews the same pull
 * request; nothing is merged.
 *
 * @public
 */
export function createRepositoryUpgradeAction(options: {
  github: GithubRepositories;
}) {
  const { github } = options;
  return createTemplateAction({
    id: 'ml:repository:upgrade',
    description:
      'Opens one pull request that brings a model repository to the rendering in the workspace, or renews it. The owner’s edits stay, conflicts are GitHub’s, and nothing is merged.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        repoUrl,
        base: z =>
          z
            .string()
            .describe('The commit that it begins from, of ml:template:read'),
        token,
      },
      output: {
        state: z =>
          z
            .enum(['up-to-date', 'clean', 'conflicts', 'unknown'])
            .describe(
              'Whether there is anything to do, and whether it merges by itself',
            ),
        pullRequestUrl: z =>
          z.string().describe('The pull request; empty if up to date'),
        pullRequestNumber: z => z.number().describe('Its number, or 0'),
      },
    },
    async handler(ctx) {
      const address = github.parseAddress(ctx.input.repoUrl);
      const { host, owner, name: repo } = address;
      const name = { owner, repo };
      const files = await serializeDirectoryContents(ctx.workspacePath);
      const record = parseTemplateRecord(
        files
          .find(({ path }) => path === RECORD_PATH)
          ?.content.toString('utf8') ?? '',
      );
      if (record?.base !== ctx.input.base) {
        throw new InputError(
          `base: ${RECORD_PATH} of the workspace does not say that it begins from ${ctx.input.base}; run ml:template:record with the same base`,
        );
      }
      const branch = `greenroom/upgrade-${record.version}`;
      const call = { token: ctx.input.token, signal: ctx.signal };

      const upgrade = async (octokit: Octokit) => {
        const { base, defaultBranch } = await readHistory(octokit, name);
        if (base.commit !== ctx.input.base) {
          throw new InputError(
            `base: ${owner}/${repo} was upgraded in the meantime; run this again`,
          );
        }
        const target = new UpgradeBranch({ octokit, name, base, branch });
        const changes = await target.compare(files);
        const { added, changed, removed } = changes;
        if (added.length + changed.length + removed.length === 0) {
          return { state: 'up-to-date' as const, url: '', number: 0 };
        }
        ctx.logger.info(
          `The template adds ${added.length} files, changes ${changed.length} and removes ${removed.length}`,
        );
        if (ctx.isDryRun) {
          ctx.logger.info(
            `Would open a pull request from ${branch} into ${defaultBranch} of ${owner}/${repo}`,
          );
          return { state: 'unknown' as const, url: '', number: 0 };
        }
        const title = `Upgrade to version ${record.version} of the template`;
        await target.write(files, title);
        const pull = await ensurePullRequest(octokit, name, {
          branch,
          into: defaultBranch,
          title,
          body: describeUpgrade({
            from: base.record,
            to: record,
            changes,
            branch,
            defaultBranch,
          }),
        });
        const conflicts = await findConflicts(octokit, name, pull.number);
        const state =
          conflicts === undefined
            ? ('unknown' as const)
            : conflicts
              ? ('conflicts' as const)
              : ('clean' as const);
        return { state, ...pull };
      };
      const { state, url, number } = ctx.isDryRun
        ? await github.call(address, call, upgrade)
        : await ctx.checkpoint({
            key: `upgrade.github.${host}.${owner}.${repo}.${ctx.input.base}`,
            fn: () => github.call(address, call, upgrade),
          });
      ctx.logger.info(
        {
          'up-to-date': `${owner}/${repo} is up to date`,
          clean: `${url} can be merged without a conflict`,
          conflicts: `${url} has conflicts for a person to resolve`,
          unknown:
            url &&
            `${url} is open; GitHub has not said yet whether it has conflicts`,
        }[state] || 'Nothing was changed',
      );
      ctx.output('state', state);
      ctx.output('pullRequestUrl', url);
      ctx.output('pullRequestNumber', number);
    },
  });
}
