// SPDX-License-Identifier: Apache-2.0
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  listEnvironments,
  toTeamName,
} from '@greenroom/plugin-scaffolder-ml-common';
import { checkFree } from '../services/checkFree';
import {
  checkDescription,
  checkRepositoryAddress,
} from '../services/checkValues';
import type { ComponentInspector } from '../services/ComponentInspector';
import type { ComponentTargets } from '../services/ComponentTargets';
import { findEntity } from '../services/findEntity';
import type { GithubRepositories } from '../services/GithubRepositories';
import { refuseProblems } from '../services/problems';
import { examples } from './createManifestsCheckAction.examples';
import { manifestsCheckSchema } from './manifestsCheckSchema';
import { outputAll } from './outputAll';

/** `<team>-<environment>` is a namespace, whose name has at most 63 characters. */
const TEAM = /^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/;

/** Names that other things of the repository have. */
const RESERVED_TEAMS = ['platform', 'base'];

/**
 * `ml:manifests:check`: whether the names of a new GitOps repository are free
 * in the catalog and on GitHub, or taken by an earlier try with the same
 * values; and what the answers of the form mean for its files. Changes nothing.
 *
 * @public
 */
export function createManifestsCheckAction(options: {
  catalog: CatalogService;
  github: GithubRepositories;
  inspector: ComponentInspector;
  targets: ComponentTargets;
}) {
  const { catalog, github, inspector, targets } = options;
  return createTemplateAction({
    id: 'ml:manifests:check',
    description:
      'Checks that the component and the repository of a new GitOps repository are free, or were made by an earlier try with the same values, and that its teams exist. Fails with all problems at once; changes nothing.',
    examples,
    supportsDryRun: true,
    schema: manifestsCheckSchema,
    async handler(ctx) {
      const { name, description, settings } = ctx.input;
      const credentials = await ctx.getInitiatorCredentials();
      const target = targets.of(name, ctx.input.repository);
      const { repository } = target;
      const problems = [
        ...checkDescription(description),
        ...checkRepositoryAddress(repository, github.hosts),
      ];
      const lookUp = { catalog, credentials, problems };
      const owner = await findEntity(
        'owner',
        ctx.input.owner,
        ['Group', 'User'],
        lookUp,
      );
      const teams: string[] = [];
      for (const ref of ctx.input.teams) {
        const team = toTeamName(
          await findEntity('teams', ref, ['Group'], lookUp),
        );
        if (!TEAM.test(team) || RESERVED_TEAMS.includes(team)) {
          problems.push({
            field: 'teams',
            message: `'${team}' cannot begin the name of a namespace: a team's name has at most 50 lower-case letters, digits and hyphens, and is not ${RESERVED_TEAMS.join(
              ' or ',
            )}`,
          });
        } else if (teams.includes(team)) {
          problems.push({
            field: 'teams',
            message: `two groups are called '${team}', and would share their namespaces; choose one of them`,
          });
        }
        teams.push(team);
      }
      refuseProblems(problems);

      const images = [
        `ghcr.io/${repository.owner.toLowerCase()}/`,
        ...(ctx.input.images ?? []),
      ].filter((prefix, index, all) => all.indexOf(prefix) === index);
      const environments = listEnvironments(settings.environments);
      const free = await checkFree(inspector, ctx, {
        target,
        recordedValues: {
          ...settings,
          name,
          description,
          owner,
          teams: teams.join(' '),
          images: images.join(' '),
          repository: `${repository.host}/${repository.owner}/${repository.name}`,
        },
        credentials,
      });
      outputAll(ctx, {
        ...free,
        visibility: ctx.input.repository.visibility ?? 'private',
        values: {
          ...settings,
          name,
          description,
          owner,
          teams,
          images,
          environments,
          ...free.values,
        },
        namespaces: teams.flatMap(team =>
          environments.map(environment => ({ team, environment })),
        ),
      });
    },
  });
}
