// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs/promises';
import {
  resolveSafeChildPath,
  type UrlReaderService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  BUNDLED_DATASETS,
  CSV_DATASET,
  describeFinding,
  getBundledDataset,
  suggestMetric,
  toDataSchema,
  toStoredUrl,
  type BundledDataset,
  type ModelTask,
} from '@greenroom/plugin-scaffolder-ml-common';
import { checkName } from '../services/checkValues';
import { listExampleFeatures } from '../services/listExampleFeatures';
import { judgeTable } from '../services/judgeTable';
import {
  checkTableUrl,
  completeUrl,
  openUpload,
  openUrl,
  refuseTooLarge,
} from '../services/openTable';
import { takeTable } from '../services/takeTable';
import { examples } from './createDatasetPrepareAction.examples';
import { datasetPrepareSchema } from './datasetPrepareSchema';

/** Of a generated repository: the address of its table, with what opens it. */
const ADDRESS_SECRET = 'DATA_URL';

const SCHEMA_FILE = 'data/schema.json';

const FILE_OUTPUTS = ['csvFile', 'schemaFile', 'dataUrl', 'digest'] as const;

function checkBundled(
  dataset: BundledDataset,
  input: { target?: string; task?: ModelTask },
) {
  const { name, task, target } = dataset;
  if (input.task && input.task !== task) {
    throw new InputError(
      `data.task: the data set ${name} is for ${task}; choose it, or another data set`,
    );
  }
  if (input.target && input.target !== target) {
    throw new InputError(
      `data.target: the target of the data set ${name} is the column '${target}'`,
    );
  }
}

function getCsvFile(name: string): string {
  const [invalid] = checkName(name);
  if (invalid) {
    throw new InputError(`name: ${invalid.message}`);
  }
  return `data/${name}.csv`;
}

/** The bytes of a file that is not to stay. */
async function takeFile(file: string): Promise<Buffer[]> {
  const content = await fs.readFile(file);
  await fs.rm(file);
  return [content];
}

/**
 * `ml:dataset:prepare`: the facts of the data that a model is made from. The
 * owner's table is read once, checked, and written byte for byte to
 * `data/<name>.csv` if it is small enough for a repository; else the repository
 * gets its address and digest. `data/schema.json` says how it is written and
 * what it holds. A bundled data set comes with scikit-learn and leaves nothing
 * to write.
 *
 * @public
 */
export function createDatasetPrepareAction(options: {
  urlReader: UrlReaderService;
  /** `scaffolder.ml.storedUrlParameters` */
  storedParameters?: string[];
}) {
  const { urlReader, storedParameters } = options;
  return createTemplateAction({
    id: 'ml:dataset:prepare',
    description:
      'Reads and checks the data of a new model: a data set of scikit-learn, or a CSV file by upload or URL, which it writes to data/<name>.csv with its schema in data/schema.json. A file of more than 20 MB stays at its address.',
    examples,
    supportsDryRun: true,
    schema: datasetPrepareSchema,
    // Nothing here is a checkpoint: a retry has an empty workspace, so that the
    // file must be written again.
    async handler(ctx) {
      const { name, dataset, target, task, csvUpload, csvUrl, csvPath } =
        ctx.input;
      ctx.output('dataset', dataset);
      const bundled = getBundledDataset(dataset);
      if (bundled) {
        checkBundled(bundled, { target, task });
        ctx.output('target', bundled.target);
        ctx.output('task', bundled.task);
        ctx.output('defaultMetric', Object.keys(bundled.thresholds)[0]);
        ctx.output('rows', bundled.rows);
        ctx.output('columns', bundled.features.length + 1);
        ctx.output(
          'features',
          bundled.features.map(feature => ({
            name: feature,
            type: 'number' as const,
          })),
        );
        ctx.output('leaveOut', {});
        ctx.output('keep', {});
        ctx.output('read', {});
        ctx.output('split', { by: 'rows' });
        ctx.output('findings', []);
        for (const key of FILE_OUTPUTS) {
          ctx.output(key, '');
        }
        return;
      }
      if (dataset !== CSV_DATASET) {
        throw new InputError(
          `data.dataset: there is no data set '${dataset}'; choose one of ${[
            ...BUNDLED_DATASETS.map(known => known.name),
            CSV_DATASET,
          ].join(', ')}`,
        );
      }
      if (!target || !task) {
        throw new InputError(
          `data.${target ? 'task' : 'target'}: a CSV file needs the column to predict and the task`,
        );
      }
      const csvFile = getCsvFile(name);
      if ([csvUpload, csvUrl, csvPath].filter(Boolean).length !== 1) {
        throw new InputError(
          'data: give either a CSV file or its address, and not both',
        );
      }
      const field = csvUrl ? 'data.csvUrl' : 'data.csvUpload';
      const url = csvUrl
        ? completeUrl(checkTableUrl(csvUrl), ctx.input.csvUrlWithSecret)
        : undefined;
      const openFile = async () =>
        csvPath
          ? takeFile(resolveSafeChildPath(ctx.workspacePath, csvPath))
          : openUpload(csvUpload ?? '');
      const taken = await takeTable(
        url
          ? openUrl(url, { urlReader, signal: ctx.signal })
          : await openFile(),
        {
          field,
          file: resolveSafeChildPath(ctx.workspacePath, csvFile),
          onTooLarge: () => url ?? refuseTooLarge(),
        },
      );
      const { bytes, sha256, isStored } = taken;
      const { leaveOut, keep, read, split } = ctx.input;
      const { profile, findings, choices, constant } = judgeTable(
        taken.profile,
        {
          target,
          task,
          choices: { leaveOut, keep, read, split },
          logger: ctx.logger,
        },
      );
      const { url: dataUrl, dropped } =
        url && !isStored
          ? toStoredUrl(url.href, { allow: storedParameters })
          : { url: '', dropped: [] };
      const schema = toDataSchema(profile, {
        target,
        source: {
          file: csvFile,
          ...(dataUrl ? { url: dataUrl, sha256, bytes } : {}),
        },
      });
      await fs.writeFile(
        resolveSafeChildPath(ctx.workspacePath, SCHEMA_FILE),
        `${JSON.stringify(schema, null, 2)}\n`,
      );
      ctx.logger.info(
        `${profile.rows} rows and ${profile.columns.length} columns, ${bytes} bytes: ${
          isStored
            ? `written to ${csvFile}`
            : 'too large for the repository, which will download them'
        }; ${SCHEMA_FILE} says what they hold`,
      );
      if (dropped.length > 0) {
        ctx.logger.warn(
          `The repository keeps the address without its query, which may hold a secret. Give it the whole address as the secret ${ADDRESS_SECRET} (Settings → Secrets and variables → Actions), or its pipeline cannot download the table`,
        );
      }
      ctx.output('target', target);
      ctx.output('task', task);
      ctx.output('defaultMetric', suggestMetric(task, constant));
      ctx.output('rows', profile.rows);
      ctx.output('columns', profile.columns.length);
      ctx.output('features', listExampleFeatures(schema, choices.leaveOut));
      ctx.output('leaveOut', choices.leaveOut);
      ctx.output('keep', choices.keep);
      ctx.output('read', choices.read);
      ctx.output('split', choices.split);
      ctx.output(
        'findings',
        findings.map(finding => ({
          code: finding.code,
          column: finding.column ?? '',
          message: describeFinding(finding),
        })),
      );
      if (constant) {
        ctx.output('constant', constant);
      }
      ctx.output('csvFile', csvFile);
      ctx.output('schemaFile', SCHEMA_FILE);
      ctx.output('dataUrl', dataUrl);
      ctx.output('digest', sha256);
    },
  });
}
