// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs/promises';
import path from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { getEntitySourceLocation, type Entity } from '@backstage/catalog-model';
import { InputError, toError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  changeAnswer,
  CSV_DATASET,
  toModelAnswers,
} from '@greenroom/plugin-scaffolder-ml-common';
import type {
  GithubRepositories,
  RepositoryAddress,
} from '../services/GithubRepositories';
import { readHistory, readTree } from '../services/readHistory';
import { readTemplateInfo, RECORD_PATH } from '../services/TemplateRecord';
import { token } from './schemaParts';
import { examples } from './createTemplateReadAction.examples';

/** Where the table waits for `ml:dataset:prepare`. */
const TABLE_PATH = '.greenroom/table.csv';

function toAddress(entity: Entity): RepositoryAddress {
  const { type, target } = getEntitySourceLocation(entity);
  const url = type === 'url' ? new URL(target) : undefined;
  const [owner, name] = url?.pathname.split('/').filter(Boolean) ?? [];
  if (!url || !owner || !name) {
    throw new InputError(
      `component: the catalog reads ${entity.metadata.name} from ${target}, which is no repository on GitHub`,
    );
  }
  return { host: url.host, owner, name };
}

function applyChanges(
  answers: Record<string, unknown>,
  changes: Record<string, string> = {},
) {
  try {
    return Object.entries(changes).reduce(
      (changed, [name, value]) => changeAnswer(changed, name, value),
      answers,
    );
  } catch (error) {
    throw new InputError(`answers: ${toError(error).message}`);
  }
}

/**
 * `ml:template:read`: what a model repository was made from, so that it can be
 * rendered again: the recorded answers, the table, and the commit that an
 * upgrade begins from. Changes nothing.
 *
 * @public
 */
export function createTemplateReadAction(options: {
  catalog: CatalogService;
  github: GithubRepositories;
}) {
  const { catalog, github } = options;
  return createTemplateAction({
    id: 'ml:template:read',
    description: `Reads from ${RECORD_PATH} and the history of a component's repository what it was made from: the answers in the shape of the form, its first table, and the commit that an upgrade begins from.`,
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        entityRef: z => z.string().describe('The component'),
        answers: z =>
          z
            .record(z.string())
            .describe(
              'Answers other than recorded, by their place in the form: gate.threshold',
            )
            .optional(),
        token,
      },
      output: {
        repoUrl: z =>
          z.string().describe('The repository as publish:github takes it'),
        webUrl: z => z.string().describe('Its page'),
        answers: z =>
          z.record(z.any()).describe('The answers in the shape of the form'),
        csvPath: z =>
          z
            .string()
            .describe(
              'The table in the workspace, for ml:dataset:prepare; or empty',
            ),
        mlflowInstance: z => z.string().describe('Its MLflow instance'),
        base: z =>
          z.string().describe('The commit that an upgrade begins from'),
        version: z => z.string().describe('Of the template that made it'),
        mark: z => z.string().describe('The portal’s mark, or empty'),
      },
    },
    async handler(ctx) {
      const { entityRef, token: userToken } = ctx.input;
      const entity = await catalog.getEntityByRef(entityRef, {
        credentials: await ctx.getInitiatorCredentials(),
      });
      if (!entity) {
        throw new InputError(
          `component: the catalog has no '${entityRef}'; choose one from the list`,
        );
      }
      const address = toAddress(entity);
      const name = { owner: address.owner, repo: address.name };
      const call = { token: userToken, signal: ctx.signal };
      const { history, table } = await github.call(
        address,
        call,
        async octokit => {
          const found = await readHistory(octokit, name);
          const { values } = found.record;
          const files =
            values.dataset === CSV_DATASET
              ? await readTree(octokit, { ...name, commit: found.base.commit })
              : undefined;
          const blob = files?.get(`data/${values.name}.csv`);
          const content =
            blob &&
            (await octokit.git.getBlob({ ...name, file_sha: blob.sha }));
          return { history: found, table: content?.data.content };
        },
      );
      const { record, base } = history;
      const { template } = readTemplateInfo(ctx.templateInfo);
      if (record.template !== template) {
        throw new InputError(
          `component: ${record.template} made its repository; this upgrades what ${template} made`,
        );
      }
      if (history.isPassedOver) {
        ctx.logger.warn(
          'The last upgrade was squashed or rebased, so that git cannot know it: conflicts may come again. Merge the next one by a merge commit',
        );
      }
      if (table) {
        const file = resolveSafeChildPath(ctx.workspacePath, TABLE_PATH);
        await fs.mkdir(path.dirname(file), { recursive: true });
        await fs.writeFile(file, Buffer.from(table, 'base64'));
      }
      const answers = applyChanges(
        toModelAnswers(record.values),
        ctx.input.answers,
      );
      const dataUrl = table ? '' : String(record.values.dataUrl ?? '');
      ctx.logger.info(
        `${github.webUrl(address)} was made by version ${record.version}; the upgrade begins from ${base.commit}`,
      );
      ctx.output(
        'repoUrl',
        `${address.host}?owner=${name.owner}&repo=${name.repo}`,
      );
      ctx.output('webUrl', github.webUrl(address));
      ctx.output('answers', {
        ...answers,
        // It may have moved since.
        repository: { ...Object(answers.repository), ...address },
        data: { ...Object(answers.data), ...(dataUrl && { csvUrl: dataUrl }) },
      });
      ctx.output('csvPath', table ? TABLE_PATH : '');
      ctx.output('mlflowInstance', String(record.values.mlflowInstance ?? ''));
      ctx.output('base', base.commit);
      ctx.output('version', base.record.version);
      ctx.output('mark', record.mark ?? '');
    },
  });
}
