// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import {
  createPipelineReport,
  renderMarkdown,
  unpackReports,
  unpackRunLogs,
  type RunFacts,
} from '../index';
import { UsageError } from './UsageError';

const OPTIONS = {
  run: { type: 'string' },
  pass: { type: 'string' },
  reports: { type: 'string' },
  facts: { type: 'string' },
  budget: { type: 'string' },
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
} as const;

const conclusion = z
  .string()
  .nullish()
  .transform(value => value ?? undefined);

/** What `GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs` answers, or a run with its jobs. */
const factsSchema = z
  .object({
    conclusion,
    jobs: z
      .array(
        z.object({
          name: z.string(),
          conclusion,
          /** Of its check run; they tell a time limit from a cancellation. */
          annotations: z.array(z.string()).optional(),
          steps: z
            .array(
              z.object({
                number: z.int(),
                name: z.string(),
                conclusion,
              }),
            )
            .optional(),
        }),
      )
      .optional(),
  })
  .refine(({ conclusion: ended, jobs }) => ended || jobs, {
    message: 'there is neither "jobs" nor "conclusion" in it',
  });

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

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    return z.prettifyError(error);
  }
  return error instanceof Error ? error.message : String(error);
}

async function readFacts(file: string): Promise<RunFacts> {
  try {
    return factsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new UsageError(`--facts ${file}: ${messageOf(error)}`);
  }
}

/** `report --run ARCHIVE …`: why a run failed, from its logs and reports alone. */
export async function reportCommand(
  args: string[],
  resolve: (file: string) => string,
  write: (text: string) => void,
): Promise<number> {
  const options = readOptions(args);
  if (!options.run) {
    throw new UsageError(
      'report takes --run and the log archive, or the log, of a run.',
    );
  }
  if (options.json && options.markdown) {
    throw new UsageError('report takes --json or --markdown, not both.');
  }
  const budgetTokens = Number(options.budget ?? 4000);
  if (!Number.isInteger(budgetTokens) || budgetTokens < 100) {
    throw new UsageError(
      `--budget takes a number of tokens from 100, not "${options.budget}".`,
    );
  }
  const facts = options.facts && (await readFacts(resolve(options.facts)));
  const reports = options.reports
    ? await unpackReports(resolve(options.reports))
    : { reports: [], errors: [] };
  const logs = await unpackRunLogs(resolve(options.run));
  // More is said there while the logs are read.
  logs.errors.push(...reports.errors);
  try {
    const passingLogs = options.pass
      ? await unpackRunLogs(resolve(options.pass))
      : undefined;
    try {
      const report = await createPipelineReport(
        {
          incident: { workflow: path.basename(options.run) },
          logs,
          passingLogs,
          reports: reports.reports,
          ...(facts && { facts }),
        },
        { budgetTokens },
      );
      write(
        options.json
          ? `${JSON.stringify(report, null, 2)}\n`
          : renderMarkdown(report, { target: 'issue' }),
      );
      return 0;
    } finally {
      await passingLogs?.close();
    }
  } finally {
    await logs.close();
  }
}
