import { InputError } from '@backstage/errors';
import type { ScmIntegrations } from '@backstage/integration';
import {
  createTemplateAction,
  parseRepoUrl,
} from '@backstage/plugin-scaffolder-node';
import type { GithubRepositories } from '../services/GithubRepositories';
import { examples } from './createRepositorySettingsAction.examples';

/**
 * `ml:repository:settings`: sets topics and homepage of an existing repository,
 * whatever they were. It ends the making of a repository: the homepage loses the
 * mark of `ml:component:check`, and has what a broken-off try has left out.
 *
 * @public
 */
export function createRepositorySettingsAction(options: {
  integrations: ScmIntegrations;
  github: GithubRepositories;
}) {
  const { integrations, github } = options;
  return createTemplateAction({
    id: 'ml:repository:settings',
    description:
      'Sets topics and homepage of an existing repository, as the last step of making it.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        repoUrl: z =>
          z
            .string()
            .describe('For example github.com?owner=my-organisation&repo=name'),
        homepage: z => z.string().describe('Address of its page'),
        topics: z => z.array(z.string()).describe('All its topics'),
        token: z => z.string().describe('GitHub token of the user').optional(),
      },
      output: {},
    },
    async handler(ctx) {
      const { repoUrl, homepage, topics, token } = ctx.input;
      const { host, owner, repo } = parseRepoUrl(repoUrl, integrations);
      if (!owner) {
        throw new InputError(`repoUrl: '${repoUrl}' names no owner`);
      }
      if (ctx.isDryRun) {
        ctx.logger.info(`Would set topics and homepage of ${owner}/${repo}`);
        return;
      }
      // No checkpoint: it may be repeated, and must be when the one before was cut off.
      await github.setSettings(
        { host, owner, name: repo },
        { homepage, topics },
        { token, signal: ctx.signal },
      );
      ctx.logger.info(`Set topics and homepage of ${owner}/${repo}`);
    },
  });
}
