import { InputError } from '@backstage/errors';
import type { ScmIntegrations } from '@backstage/integration';
import {
  createTemplateAction,
  parseRepoUrl,
} from '@backstage/plugin-scaffolder-node';
import type { GithubRepositories } from '../services/GithubRepositories';
import { examples } from './createRepositoryVariablesAction.examples';

/**
 * `ml:repository:variables`: sets GitHub Actions variables of an existing
 * repository. The official actions can only create them, which fails where an
 * earlier try has come that far.
 *
 * @public
 */
export function createRepositoryVariablesAction(options: {
  integrations: ScmIntegrations;
  github: GithubRepositories;
}) {
  const { integrations, github } = options;
  return createTemplateAction({
    id: 'ml:repository:variables',
    description:
      'Sets GitHub Actions variables of an existing repository, whether they exist already or not.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        repoUrl: z =>
          z
            .string()
            .describe('For example github.com?owner=my-organisation&repo=name'),
        variables: z => z.record(z.string()).describe('Values by name'),
        token: z => z.string().describe('GitHub token of the user').optional(),
      },
      output: {},
    },
    async handler(ctx) {
      const { repoUrl, variables, token } = ctx.input;
      const { host, owner, repo } = parseRepoUrl(repoUrl, integrations);
      if (!owner) {
        throw new InputError(`repoUrl: '${repoUrl}' names no owner`);
      }
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
              { host, owner, name: repo },
              { name, value },
              { token, signal: ctx.signal },
            );
            return true;
          },
        });
        ctx.logger.info(`Set ${name} of ${owner}/${repo}`);
      }
    },
  });
}
