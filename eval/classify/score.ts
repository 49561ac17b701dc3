// SPDX-License-Identifier: Apache-2.0

/**
 * Scores the failure types on labelled logs, through the whole chain,
 * from archive to report.
 *
 *     npx tsx eval/classify/score.ts [--all] [--half=a|b] DATA [...]
 *
 * DATA: a folder with `cidiff/` and `bugswarm/` (see ../log-reduction). The logs of
 * ./logs and of ../pipelines/cases are read as well.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import {
  createPipelineReport,
  unpackReports,
  unpackRunLogs,
  type RunFacts,
} from '@greenroom/triage-engine';
import { formatConfusion } from './formatConfusion';

/** See ../pipelines/README.md. */
interface PipelineLabels {
  type: string;
  alternatives?: string[];
  step?: string;
  rootLines: Array<[source: string, first: number, last: number]>;
}

/** A labelled log. */
interface LabelledCase {
  id: string;
  /** Which of the sets it is from. */
  set: 'cidiff' | 'bugswarm' | 'logs' | 'pipelines' | 'archives';
  file: string;
  type: string;
  alsoDefensible: string[];
  reports?: string;
  facts?: RunFacts;
  /** Of a recorded pipeline: the run that passed before it, and what else is known. */
  recorded?: { green: string; labels: PipelineLabels };
}

/** Which half of the labels a log is in: rules were changed after a look at `a` only. */
const halfOf = ({ id }: LabelledCase): 'a' | 'b' =>
  createHash('sha256').update(id).digest()[0] % 2 === 0 ? 'a' : 'b';

/** What the chain said of one log. */
export interface ScoredCase extends LabelledCase {
  answer: string;
  rule: string;
  /** What of a recorded pipeline's report is not as it was labelled. */
  problems: string[];
}

/** The figures of {@link scoreClassification}. */
export interface ClassificationScore {
  total: number;
  right: number;
  /** With answers that the labels call defensible. */
  rightOrDefensible: number;
  bySet: Record<string, { total: number; right: number }>;
  /** How often a label (first key) was answered with a type (second key). */
  confusion: Record<string, Record<string, number>>;
  cases: ScoredCase[];
}

const HERE = path.dirname(fileURLToPath(import.meta.url));

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

function findFile(
  set: string,
  name: string,
  dataDirs: string[],
): string | undefined {
  const files = [HERE, ...dataDirs].flatMap(dir => [
    path.join(dir, set, name, 'fail.log'),
    path.join(dir, set, `${name}.log`),
  ]);
  return files.find(existsSync);
}

function loadLogs(dataDirs: string[]): LabelledCase[] {
  const labels: Array<{
    log: string;
    type: string;
    alsoDefensible?: string[];
    facts?: RunFacts;
  }> = ['labels.json', path.join('logs', 'labels.json')]
    .map(name => path.join(HERE, name))
    .filter(existsSync)
    .flatMap(readJson);
  return labels.flatMap(({ log, type, alsoDefensible = [], facts }) => {
    const [set, name] = log.split('/');
    const file = findFile(set, name, dataDirs);
    return file
      ? [
          {
            id: log,
            set: set as LabelledCase['set'],
            file,
            type,
            alsoDefensible,
            facts,
          },
        ]
      : [];
  });
}

/** Each once with what GitHub's API and the reports say, and once as the archive alone. */
function loadPipelines(): LabelledCase[] {
  const folder = path.join(HERE, '..', 'pipelines', 'cases');
  if (!existsSync(folder)) {
    return [];
  }
  const names = readdirSync(folder)
    .sort()
    .filter(name => existsSync(path.join(folder, name, 'labels.json')));
  return names.flatMap(name => {
    const at = (file: string) => path.join(folder, name, file);
    const labels: PipelineLabels = readJson(at('labels.json'));
    const { type, alternatives = [] } = labels;
    const alone: LabelledCase = {
      id: `archives/${name}`,
      set: 'archives',
      file: at('failed.zip'),
      type,
      // That the time was over stands in an annotation, not in the log.
      alsoDefensible: type === 'timeout' ? ['cancelled'] : alternatives,
    };
    const known: LabelledCase = {
      ...alone,
      id: `pipelines/${name}`,
      set: 'pipelines',
      alsoDefensible: alternatives,
      reports: existsSync(at('reports')) ? at('reports') : undefined,
      facts: existsSync(at('facts.json'))
        ? readJson(at('facts.json')).facts
        : undefined,
      recorded: { green: at('green.zip'), labels },
    };
    return [known, alone];
  });
}

/** What of a report is not as the one who broke the pipeline says. */
function findProblems(report: TriageReport, labels: PipelineLabels): string[] {
  const { failure, excerpts, rootCause } = report;
  const lineOf = (source: string, line: number) =>
    excerpts
      .find(each => each.source === source)
      ?.lines.find(({ number }) => number === line)?.text;
  const { job = '', name = '' } = failure.step ?? {};
  const isShown = labels.rootLines.some(([source, first, last]) =>
    excerpts.some(
      each =>
        each.source === source &&
        each.lines.some(({ number }) => number >= first && number <= last),
    ),
  );
  const checks: Array<[problem: string, isRight: boolean]> = [
    [
      `type ${failure.type}`,
      [labels.type, ...(labels.alternatives ?? [])].includes(failure.type),
    ],
    [`step ${job} / ${name}`, (labels.step ?? job).includes(name || job)],
    ['no root line is shown', isShown || labels.rootLines.length === 0],
    ['no root cause', rootCause.outcome === 'identified'],
    ...failure.evidence.map(({ source, line, quote }): [string, boolean] => [
      `${source}:${line} does not say ${quote}`,
      lineOf(source, line)?.includes(quote.trim().slice(0, 60)) ?? false,
    ]),
  ];
  return checks.flatMap(([problem, isRight]) => (isRight ? [] : [problem]));
}

async function scoreCase(labelled: LabelledCase): Promise<ScoredCase> {
  const { file, facts, reports, recorded } = labelled;
  const logs = await unpackRunLogs(file);
  const passingLogs =
    recorded && existsSync(recorded.green)
      ? await unpackRunLogs(recorded.green)
      : undefined;
  try {
    const report = await createPipelineReport({
      incident: {},
      logs,
      passingLogs,
      facts,
      reports: reports ? (await unpackReports(reports)).reports : [],
    });
    const { type, rule } = report.failure;
    const problems = recorded ? findProblems(report, recorded.labels) : [];
    return { ...labelled, answer: type, rule, problems };
  } finally {
    await logs.close();
    await passingLogs?.close();
  }
}

/**
 * Classifies every labelled log that is there.
 *
 * @param dataDirs - folders with `cidiff/` and `bugswarm/`; none is needed for the
 *   logs that are kept beside this file
 * @param half - `a` or `b`: only that half of the labels
 */
export async function scoreClassification(
  dataDirs: string[],
  half?: string,
): Promise<ClassificationScore> {
  const score: ClassificationScore = {
    total: 0,
    right: 0,
    rightOrDefensible: 0,
    bySet: {},
    confusion: {},
    cases: [],
  };
  const labels = [...loadLogs(dataDirs), ...loadPipelines()].filter(
    labelled => half === undefined || halfOf(labelled) === half,
  );
  for (const labelled of labels) {
    const scored = await scoreCase(labelled);
    const isRight = scored.answer === scored.type;
    score.cases.push(scored);
    score.total += 1;
    score.right += Number(isRight);
    score.rightOrDefensible += Number(
      isRight || scored.alsoDefensible.includes(scored.answer),
    );
    const set = (score.bySet[scored.set] ??= { total: 0, right: 0 });
    set.total += 1;
    set.right += Number(isRight);
    const row = (score.confusion[scored.type] ??= {});
    row[scored.answer] = (row[scored.answer] ?? 0) + 1;
  }
  return score;
}

const percent = (part: number, whole: number) =>
  `${part}/${whole} (${((100 * part) / Math.max(whole, 1)).toFixed(1)} %)`;

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const dataDirs = args.filter(arg => !arg.startsWith('--'));
  const half = args.find(arg => arg.startsWith('--half='))?.slice(-1);
  const score = await scoreClassification(dataDirs, half);
  const { total, right, rightOrDefensible, bySet, confusion, cases } = score;
  for (const { id, type, answer, rule } of cases) {
    if (type !== answer || args.includes('--all')) {
      const verdict = type === answer ? 'right' : 'WRONG';
      process.stdout.write(
        `${verdict}  ${id}: ${type}, answered ${answer} (${rule})\n`,
      );
    }
  }
  process.stdout.write(`\n${formatConfusion(confusion)}\n\n`);
  for (const [set, each] of Object.entries(bySet)) {
    process.stdout.write(
      `${set.padEnd(10)} ${percent(each.right, each.total)}\n`,
    );
  }
  process.stdout.write(
    `failure type ${percent(right, total)}, with defensible answers ${percent(rightOrDefensible, total)}\n`,
  );
}

if (
  process.argv[1] &&
  path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  main().catch(error => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  });
}
