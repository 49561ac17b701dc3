// SPDX-License-Identifier: Apache-2.0
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { GithubRepositories } from '../services/GithubRepositories';
import { repoUrl, token } from './schemaParts';
import { examples } from './createRepositorySettingsAction.examples';

/**
 * `ml:repository:settings`: sets topics and homepage of an existing repository,
 * whatever they were. It ends the making of a repository: the homepage loses the
 * mark of `ml:component:check`, and has what a broken-off try has left out.
 *
 * @public
 */
export function createRepositorySettingsAction(options: {
  github: GithubRepositories;
}) {
  const { github } = options;
  return createTemplateAction({
    id: 'ml:repository:settings',
    description:
      'Sets topics and homepage of an existing repository, as the last step of making it.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        repoUrl,
        homepage: z => z.string().describe('Address of its page'),
        topics: z => z.array(z.string()).describe('All its topics'),
        token,
      },
      output: {},
    },
    async handler(ctx) {
      const { homepage, topics } = ctx.input;
      const repository = github.parseAddress(ctx.input.repoUrl);
      const title = `${repository.owner}/${repository.name}`;
      if (ctx.isDryRun) {
        ctx.logger.info(`Would set topics and homepage of ${title}`);
        return;
      }
      // No checkpoint: it may be repeated, and must be when the one before was cut off.
      await github.setSettings(
        repository,
        { homepage, topics },
        { token: ctx.input.token, signal: ctx.signal },
      );
      ctx.logger.info(`Set topics and homepage of ${title}`);
    },
  });
}
