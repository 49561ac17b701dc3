// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { StageError } from '@greenroom/plugin-triage-common';
import { z } from 'zod';
import {
  alertmanagerBodySchema,
  createAlertReport,
  renderMarkdown,
  type AlertmanagerBody,
  type MetricsQuery,
  type PodLog,
} from '../index';
import { fileInput } from '../logs/input/fileInput';
import { UsageError } from './UsageError';

const OPTIONS = {
  dir: { type: 'string' },
  budget: { type: 'string' },
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
} as const;

const LOG_NAME = /^(.{1,253})_([^_]{1,63}?)(\.previous)?\.(?:txt|log)$/;

const metricsSchema = z.union([
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()).transform(query => [query]),
]);
const listSchema = z.union([
  z.array(z.unknown()),
  z.object({ items: z.array(z.unknown()) }).transform(({ items }) => items),
]);

/** The JSON of a file; what is wrong with it goes to `errors`. */
async function readJson<T>(
  folder: string,
  name: string,
  schema: z.ZodType<T>,
  errors: StageError[],
): Promise<T | undefined> {
  const failed = (code: string, message: string) => {
    errors.push({ stage: 'read', code, source: name, message });
    return undefined;
  };
  let text: string;
  try {
    text = await readFile(path.join(folder, name), 'utf8');
  } catch {
    return failed('missing', `There is no readable ${name}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed('malformed', `${name} is not JSON.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  return failed(
    'malformed',
    `${name} has not the form it should have: ${issue.path.join('.') || 'it'}: ${issue.message}`,
  );
}

async function readLogFiles(
  folder: string,
  errors: StageError[],
): Promise<PodLog[]> {
  const names = await readdir(path.join(folder, 'logs')).catch(() => []);
  return names.sort().flatMap(name => {
    const match = LOG_NAME.exec(name);
    if (!match) {
      errors.push({
        stage: 'read',
        code: 'malformed',
        source: name,
        message:
          'The name of a log has to be POD_CONTAINER.txt or POD_CONTAINER.previous.txt.',
      });
      return [];
    }
    const [, pod, container, previous] = match;
    const input = fileInput(path.join(folder, 'logs', name));
    return [{ pod, container, previous: previous !== undefined, input }];
  });
}

/** The alert that fires, of those that came together. */
function mainAlert({ alerts }: AlertmanagerBody) {
  return alerts.find(({ status }) => status === 'firing') ?? alerts[0];
}

function readOptions(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: false })
      .values;
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? error.message : String(error),
    );
  }
}

/** `alert --dir DIR …`: why an alert fired, from what was collected around it. */
export async function alertCommand(
  args: string[],
  resolve: (file: string) => string,
  write: (text: string) => void,
): Promise<number> {
  const options = readOptions(args);
  if (!options.dir) {
    throw new UsageError('alert takes --dir and the folder with alert.json.');
  }
  if (options.json && options.markdown) {
    throw new UsageError('alert takes --json or --markdown, not both.');
  }
  const budgetTokens = Number(options.budget ?? 4000);
  if (!Number.isInteger(budgetTokens) || budgetTokens < 100) {
    throw new UsageError(
      `--budget takes a number of tokens from 100, not "${options.budget}".`,
    );
  }
  const folder = resolve(options.dir);
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new UsageError(`--dir takes a folder, and ${options.dir} is none.`);
  }
  const errors: StageError[] = [];
  const body = await readJson(
    folder,
    'alert.json',
    alertmanagerBodySchema,
    errors,
  );
  if (!body) {
    throw new UsageError(errors[0].message);
  }
  const objects = await readJson(folder, 'objects.json', listSchema, errors);
  const metrics = await readJson(folder, 'metrics.json', metricsSchema, errors);
  const report = await createAlertReport(
    {
      incident: {},
      alert: mainAlert(body),
      groupLabels: body.groupLabels,
      commonAnnotations: body.commonAnnotations,
      objects: objects ?? [],
      logs: await readLogFiles(folder, errors),
      // Checked by the engine, query by query.
      metrics: (metrics ?? []) as MetricsQuery[],
    },
    { budgetTokens },
  );
  const whole = { ...report, errors: [...errors, ...report.errors] };
  write(
    options.json
      ? `${JSON.stringify(whole, null, 2)}\n`
      : renderMarkdown(whole, { target: 'issue' }),
  );
  return 0;
}
