import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  listEnvironments,
  toTeamName,
} from '@greenroom/plugin-scaffolder-ml-common';
import {
  checkDescription,
  checkRepositoryAddress,
  toFullEntityRef,
} from '../services/checkValues';
import { DEFAULT_BRANCH } from '../services/ComponentInspector';
import {
  findConflicts,
  isOurs,
  toPublication,
  type Problem,
} from '../services/findConflicts';
import type { GithubRepositories } from '../services/GithubRepositories';
import type { RepositoryMark } from '../services/RepositoryMark';
import type { TemplateRecord } from '../services/TemplateRecord';
import { examples } from './createManifestsCheckAction.examples';
import { manifestsCheckSchema } from './manifestsCheckSchema';

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
  mark: RepositoryMark;
  /** `app.baseUrl` */
  appBaseUrl: string;
}) {
  const { catalog, github, appBaseUrl } = options;
  return createTemplateAction({
    id: 'ml:manifests:check',
    description:
      'Checks that the component and the repository of a new GitOps repository are free, or were made by an earlier try with the same values, and that its teams exist. Fails with all problems at once; changes nothing.',
    examples,
    supportsDryRun: true,
    schema: manifestsCheckSchema,
    async handler(ctx) {
      const { name, description, settings, token } = ctx.input;
      const credentials = await ctx.getInitiatorCredentials();
      const address = {
        host: ctx.input.repository.host,
        owner: ctx.input.repository.owner,
        name: ctx.input.repository.name || name,
      };
      const problems: Problem[] = [
        ...checkDescription(description),
        ...checkRepositoryAddress(address, github.hosts),
      ];
      const findEntity = async (
        field: 'owner' | 'teams',
        ref: string,
        kinds: string[],
      ) => {
        const full = toFullEntityRef(ref, 'Group');
        const entity =
          full && (await catalog.getEntityByRef(full, { credentials }));
        if (!entity || !kinds.includes(entity.kind)) {
          problems.push({
            field,
            message: `the catalog has no ${kinds
              .join(' or ')
              .toLowerCase()} '${ref}'; choose one from the list`,
          });
        }
        return full ?? '';
      };
      const owner = await findEntity('owner', ctx.input.owner, [
        'Group',
        'User',
      ]);
      const teams: string[] = [];
      for (const ref of ctx.input.teams) {
        const team = toTeamName(await findEntity('teams', ref, ['Group']));
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
      const refuse = (found: Problem[]) => {
        throw new InputError(
          `Nothing was made. Go back to the form (Start over keeps what you entered) and change:\n- ${found
            .map(({ field, message }) => `${field}: ${message}.`)
            .join('\n- ')}`,
        );
      };
      if (problems.length > 0) {
        refuse(problems);
      }

      const entityRef = `component:default/${name}`;
      const entityUrl = `${appBaseUrl}/catalog/default/component/${name}`;
      const mark = options.mark.of(address);
      const repositoryUrl = github.webUrl(address);
      const catalogInfoUrl = `${repositoryUrl}/blob/${DEFAULT_BRANCH}/catalog-info.yaml`;
      const images = [
        `ghcr.io/${address.owner.toLowerCase()}/`,
        ...(ctx.input.images ?? []),
      ].filter((prefix, index, all) => all.indexOf(prefix) === index);
      const environments = listEnvironments(ctx.input.settings.environments);
      const record: TemplateRecord = {
        template: ctx.templateInfo?.entityRef ?? '',
        version:
          ctx.templateInfo?.entity?.metadata.annotations?.[
            'greenroom.dev/template-version'
          ] ?? '',
        values: {
          ...settings,
          name,
          description,
          owner,
          teams: teams.join(' '),
          images: images.join(' '),
          repository: `${address.host}/${address.owner}/${address.name}`,
        },
      };
      const [entity, location, repository] = await Promise.all([
        catalog.getEntityByRef(entityRef, { credentials }),
        catalog.getLocationByRef(`url:${catalogInfoUrl}`, { credentials }),
        github.inspect(address, { token, signal: ctx.signal }),
      ]);
      const state = { entity, catalogInfoUrl, repository, repositoryUrl };
      const conflicts = findConflicts(state, {
        names: {
          entityRef,
          experimentName: '',
          registeredModel: '',
          repository: address,
        },
        instance: '',
        entityUrl,
        mark,
        record,
      });
      if (conflicts.length > 0) {
        refuse(conflicts);
      }
      if (isOurs(state, { entityUrl, mark, record })) {
        ctx.logger.info(
          `An earlier try has made ${repositoryUrl}; this one goes on from there`,
        );
      }
      ctx.output('entityRef', entityRef);
      ctx.output('entityUrl', entityUrl);
      ctx.output('owner', owner);
      ctx.output('teams', teams);
      ctx.output('images', images);
      ctx.output('environments', environments);
      ctx.output(
        'namespaces',
        teams.flatMap(team =>
          environments.map(environment => ({ team, environment })),
        ),
      );
      ctx.output(
        'repoUrl',
        `${address.host}?owner=${address.owner}&repo=${address.name}`,
      );
      ctx.output('repositoryName', address.name);
      ctx.output('repositoryUrl', repositoryUrl);
      ctx.output('catalogInfoUrl', catalogInfoUrl);
      ctx.output('repositoryState', repository.state);
      ctx.output(
        'publication',
        toPublication(state, { entityUrl, mark: ctx.isDryRun ? '' : mark }),
      );
      ctx.output('visibility', ctx.input.repository.visibility ?? 'private');
      ctx.output('registered', Boolean(location));
      ctx.output('templateRef', record.template);
      ctx.output('templateVersion', record.version);
      ctx.output('recordedValues', record.values);
    },
  });
}
