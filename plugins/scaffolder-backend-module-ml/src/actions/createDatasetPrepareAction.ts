import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import {
  resolveSafeChildPath,
  type UrlReaderService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  BUNDLED_DATASETS,
  checkTarget,
  CSV_DATASET,
  formatTable,
  getBundledDataset,
  getGateMetrics,
  parseTable,
  type BundledDataset,
  type ModelTask,
} from '@greenroom/plugin-scaffolder-ml-common';
import { checkName } from '../services/checkValues';
import {
  describeTableProblem,
  describeTargetProblem,
} from '../services/describeTableProblem';
import { readUpload, readUrl } from '../services/readCsv';
import { examples } from './createDatasetPrepareAction.examples';

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

function readTable(text: string, target: string, task: ModelTask) {
  const parsed = parseTable(text);
  if ('problem' in parsed) {
    throw new InputError(`data: ${describeTableProblem(parsed.problem)}`);
  }
  const problem = checkTarget(parsed.table, target, task);
  if (problem) {
    const field = problem.code === 'not-numeric' ? 'data.task' : 'data.target';
    throw new InputError(`${field}: ${describeTargetProblem(problem, target)}`);
  }
  return parsed.table;
}

/**
 * `ml:dataset:prepare`: the facts of the data that a model is made from. For
 * the owner's table it checks that it can be learned from and writes it to
 * `data/<name>.csv`, as UTF-8 with commas; a bundled data set comes with
 * scikit-learn and leaves nothing to write.
 *
 * @public
 */
export function createDatasetPrepareAction(options: {
  urlReader: UrlReaderService;
}) {
  const { urlReader } = options;
  return createTemplateAction({
    id: 'ml:dataset:prepare',
    description:
      'Reads and checks the data of a new model: a data set of scikit-learn, or a CSV file by upload or URL, which it writes to data/<name>.csv.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        name: z => z.string().describe('Name of the component'),
        dataset: z =>
          z
            .string()
            .describe('breast_cancer, wine, iris, digits, diabetes or csv'),
        target: z =>
          z
            .string()
            .describe('The column to predict; only csv needs it')
            .optional(),
        task: z =>
          z
            .enum(['classification', 'regression'])
            .describe('Only csv needs it')
            .optional(),
        csvUpload: z =>
          z.string().describe('The file as a data URL (base64)').optional(),
        csvUrl: z =>
          z.string().describe('Its address, if it is not uploaded').optional(),
      },
      output: {
        dataset: z => z.string().describe('As given'),
        target: z => z.string().describe('The column to predict'),
        task: z =>
          z.enum(['classification', 'regression']).describe('The task'),
        defaultMetric: z => z.string().describe('The metric to begin with'),
        rows: z => z.number().describe('Number of rows'),
        columns: z => z.number().describe('Number of columns with the target'),
        csvFile: z =>
          z.string().describe('The file in the workspace; empty if bundled'),
        digest: z =>
          z.string().describe('SHA-256 of the file; empty if bundled'),
      },
    },
    // Nothing here is a checkpoint: a retry has an empty workspace, so that the
    // file must be written again.
    async handler(ctx) {
      const { name, dataset, target, task, csvUpload, csvUrl } = ctx.input;
      ctx.output('dataset', dataset);
      const bundled = getBundledDataset(dataset);
      if (bundled) {
        checkBundled(bundled, { target, task });
        ctx.output('target', bundled.target);
        ctx.output('task', bundled.task);
        ctx.output('defaultMetric', Object.keys(bundled.thresholds)[0]);
        ctx.output('rows', bundled.rows);
        ctx.output('columns', bundled.features + 1);
        ctx.output('csvFile', '');
        ctx.output('digest', '');
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
      if (!csvUpload === !csvUrl) {
        throw new InputError(
          'data: give either a CSV file or its address, and not both',
        );
      }
      const [invalid] = checkName(name);
      if (invalid) {
        throw new InputError(`name: ${invalid.message}`);
      }
      const text = csvUpload
        ? readUpload(csvUpload)
        : await readUrl(csvUrl ?? '', { urlReader, signal: ctx.signal });
      const table = readTable(text, target, task);
      const content = formatTable(table);
      const csvFile = `data/${name}.csv`;
      const file = resolveSafeChildPath(ctx.workspacePath, csvFile);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, content);
      ctx.logger.info(
        `Wrote ${table.rows.length} rows and ${table.columns.length} columns to ${csvFile}`,
      );
      ctx.output('target', target);
      ctx.output('task', task);
      ctx.output('defaultMetric', getGateMetrics(task)[0].name);
      ctx.output('rows', table.rows.length);
      ctx.output('columns', table.columns.length);
      ctx.output('csvFile', csvFile);
      ctx.output('digest', createHash('sha256').update(content).digest('hex'));
    },
  });
}
