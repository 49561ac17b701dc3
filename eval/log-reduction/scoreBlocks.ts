// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readFailedStep } from '../../packages/triage-engine/src/evidence/readFailedStep';
import { unpackRunLogs } from '../../packages/triage-engine/src/index';
import { findFailedSteps } from '../../packages/triage-engine/src/steps/findFailedSteps';
import { Draw } from '../../packages/triage-engine/src/testing';
import { root, unpackLogReduction } from '../data';
import type { Figure } from '../figures';

/** What a command printed as it failed, and what of it names the cause. */
interface Block {
  name: string;
  command: string;
  output: string[];
  decisive: string[];
}

/** How a CI system writes a job in which one command fails. */
interface Form {
  start: string[];
  /** Ends with, or is, the command. */
  head: (command: string) => string[];
  end: (command: string) => string[];
  isStamped?: boolean;
}

const FORMS: Form[] = [
  {
    start: ['##[group]Run actions/checkout@v4', '##[endgroup]'],
    head: command => [
      `##[group]Run ${command}`,
      `\x1b[36;1m${command}\x1b[0m`,
      'shell: /usr/bin/bash -e {0}',
      '##[endgroup]',
    ],
    end: () => ['##[error]Process completed with exit code 2.'],
    isStamped: true,
  },
  {
    start: [
      '$ git clone --depth=50 https://github.com/acme/churn.git acme/churn',
    ],
    head: command => [`$ ${command}`],
    end: command => [
      '',
      `The command "${command}" exited with 2.`,
      '',
      'Done. Your build exited with 1.',
    ],
  },
  {
    start: ['Started by user Ada', '[churn] $ /bin/sh -xe /tmp/jenkins123.sh'],
    head: command => [`+ ${command}`],
    end: () => [
      "Build step 'Execute shell' marked build as failure",
      'Finished: FAILURE',
    ],
  },
  {
    start: [
      'Running with gitlab-runner 17.1.0 (abc1234)',
      'Executing "step_script" stage of the job script',
    ],
    head: command => [`$ ${command}`],
    end: () => [
      'Cleaning up project directory and file based variables',
      'ERROR: Job failed: exit code 2',
    ],
  },
];

const MARK = /^##\[|^Post job|exited with|^Done\. Your build/;
const TIMESTAMP = /^\ufeff?\d{4}-\d\d-\d\dT\S{1,30}Z ?/;

/** What runs that passed printed, by log, without the words of their CI system. */
function readOrdinaryLines(): string[][] {
  const folder = path.join(unpackLogReduction(), 'cidiff');
  return readdirSync(folder)
    .sort()
    .map(name => path.join(folder, name, 'pass.log'))
    .filter(file => existsSync(file))
    .map(file =>
      readFileSync(file, 'utf8')
        .split(/\r\n|\r|\n/)
        .map(line => line.replace(TIMESTAMP, ''))
        .filter(line => !MARK.test(line)),
    )
    .filter(lines => lines.length > 600);
}

/** The block among ordinary lines; numbers of its first line, its decisive one and its command. */
function hide(block: Block, ordinary: string[][], draw: Draw) {
  const lines = ordinary[draw.below(ordinary.length)];
  const from = draw.below(lines.length - 500);
  const { start, head, end, isStamped } = FORMS[draw.below(FORMS.length)];
  const [command] = block.command.split('\n');
  const before = [
    ...start,
    ...lines.slice(from, from + 300 + draw.below(300)),
    ...head(command),
  ];
  const between = lines.slice(from + 300, from + 320 + draw.below(150));
  const all = [
    ...before,
    ...between,
    ...block.output,
    ...lines.slice(0, draw.below(25)),
    ...end(command),
  ];
  const first = before.length + between.length + 1;
  const decisive = block.output.findIndex(line =>
    block.decisive.some(text => line.includes(text)),
  );
  return {
    text: all
      .map((line, at) =>
        isStamped
          ? `${new Date(Date.UTC(2026, 4, 4, 9, 0, at)).toISOString().replace('Z', '4567Z')} ${line}`
          : line,
      )
      .join('\n'),
    first,
    decisive: first + decisive,
    last: first + block.output.length - 1,
    command: before.findLastIndex(line => line.includes(command)) + 1,
  };
}

/**
 * Failures of strangers (`../threads/written.json`), labelled before the reduction
 * was run on any of them, among the lines of runs that passed and in the forms of
 * four CI systems. No log of a run that passed is there to compare with.
 */
export async function scoreBlocks(): Promise<Figure[]> {
  const blocks: Block[] = JSON.parse(
    readFileSync(path.join(root, 'eval', 'threads', 'written.json'), 'utf8'),
  );
  const ordinary = readOrdinaryLines();
  const sums = new Map<string, number>();
  const count = (what: string, isKept: boolean) =>
    sums.set(what, (sums.get(what) ?? 0) + (isKept ? 1 : 0));
  for (const [at, block] of blocks.entries()) {
    const hidden = hide(block, ordinary, new Draw(at + 1));
    const logs = await unpackRunLogs(Buffer.from(hidden.text), {
      name: 'job.log',
    });
    const [step] = await findFailedSteps(logs);
    for (const budgetTokens of [1000, 4000]) {
      const kept = new Set<number>();
      if (step) {
        const { reduction } = await readFailedStep({
          step,
          logs,
          budgetTokens,
        });
        reduction.lines.forEach(({ number }) => kept.add(number));
      }
      const numbers = [...kept];
      const { first, decisive, last, command } = hidden;
      count(`first ${budgetTokens}`, kept.has(first));
      count(`decisive ${budgetTokens}`, kept.has(decisive));
      count(
        `hit ${budgetTokens}`,
        numbers.some(number => number >= first && number <= last),
      );
      count(`command ${budgetTokens}`, kept.has(command));
      count(`before ${budgetTokens}`, kept.has(first - 1));
    }
    await logs.close();
  }
  const TARGETS: Array<[string, string, number]> = [
    ['first 4000', 'first line at 4k tokens', 0.96],
    ['first 1000', 'first line at 1k', 0.94],
    ['hit 4000', 'hit at 4k', 0.985],
    ['decisive 4000', 'the line that names the cause at 4k', 0.98],
    ['command 4000', 'the command that failed at 4k', 0.96],
    ['before 4000', 'the line above the first at 4k', 0.93],
  ];
  return TARGETS.map(([key, what, target]) => ({
    part: 'log-reduction',
    what: `hidden blocks: ${what}`,
    value: (sums.get(key) ?? 0) / blocks.length,
    target,
    bound: 'min',
    unit: 'share',
    of: `${blocks.length} blocks`,
  }));
}
