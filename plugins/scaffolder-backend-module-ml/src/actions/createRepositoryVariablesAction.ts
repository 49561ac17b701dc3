// SPDX-License-Identifier: Apache-2.0
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { GithubRepositories } from '../services/GithubRepositories';
import { repoUrl, token } from './schemaParts';
import { examples } from './createRepositoryVariablesAction.examples';

/**
 * `ml:repository:variables`: sets GitHub Actions variables of an existing
 * repository. The official actions can only create them, which fails where an
 * earlier try has come that far.
 *
 * @public
 */
export function createRepositoryVariablesAction(options: {
  github: GithubRepositories;
}) {
  const { github } = options;
  return createTemplateAction({
    id: 'ml:repository:variables',
    description:
      'Sets GitHub Actions variables of an existing repository, whether they exist already or not.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        repoUrl,
        variables: z => z.record(z.string()).describe('Values by name'),
        token,
      },
      output: {},
    },
    async handler(ctx) {
      const { variables } = ctx.input;
      const repository = github.parseAddress(ctx.input.repoUrl);
      const { host, owner, name: repo } = repository;
      const invalid = Object.keys(variables).find(
        name => !/^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/i.test(name),
      );
      if (invalid !== undefined) {
        throw new InputError(
          `variables: '${invalid}' is no name of a variable; use letters, digits and underscores, and do not begin with a digit or GITHUB_`,
        );
      }
      for (const [name, value] of Object.entries(variables)) {
        if (ctx.isDryRun) {
          ctx.logger.info(`Would set ${name} of ${owner}/${repo}`);
          continue;
        }
        await ctx.checkpoint({
          key: `set.github.variable.${host}.${owner}.${repo}.${name}`,
          fn: async () => {
            await github.setVariable(
              repository,
              { name, value },
              { token: ctx.input.token, signal: ctx.signal },
            );
            return true;
          },
        });
        ctx.logger.info(`Set ${name} of ${owner}/${repo}`);
      }
    },
  });
}
