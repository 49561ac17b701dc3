// SPDX-License-Identifier: Apache-2.0
import type {
  Evidence,
  Finding,
  TestSummary,
} from '@greenroom/plugin-triage-common';
import type { LogLine } from '../logs/types';
import { isCleanUp, readFailureMarker } from '../steps/failureMarkers';
import { isAfterGitLabScript } from '../toolchains/gitlab/readGitLabMarker';
import { readException, type ReadException } from './readException';
import { readRuleLine, type RuleLine } from './readRuleLine';
import type { FailedStep, RunFacts } from '../steps/types';
import type { ClassifyInput } from './types';

/** What rules decide from. */
export interface RuleContext {
  source: string;
  step?: FailedStep;
  facts?: RunFacts;
  exitCode?: number;
  findings: Finding[];
  tests: TestSummary[];
  /** Kept lines of the failed step: what it printed, not the command it shows. */
  lines: RuleLine[];
  /** The same with what tests ended with and what programs said at lower levels. */
  printed: RuleLine[];
  /** What earlier steps of the job printed last. */
  before: RuleLine[];
  /** What later steps of the job printed before it was put away: dumps of what was found. */
  after: RuleLine[];
  /** Those that the CI system marks as errors. */
  errors: RuleLine[];
  /** The last of them. */
  near: RuleLine[];
  /** Step, command and target of make in small letters: hints, no proof. */
  hint: string;
  /** The same of the one command that failed; nothing where several may have. */
  purpose: string;
  /** The exception that ended the step, if one did. */
  exception?: ReadException;
  evidence(lines: RuleLine[]): Evidence[];
}

/** So far from the end, in lines of the log, or among so many kept lines. */
const NEAR_LINES = 150;
const NEAR_KEPT = 40;
const MAX_EVIDENCE = 5;
const MAX_QUOTE = 500;

/** Talk of a program at a level that ends nothing, diffs and asserted values. */
const CHATTER =
  /^(?:(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,9}: )?[EWI] (?:external\/\w{1,40}\/)?tensorflow\/|.{0,60}\b(?:INFO|DEBUG|TRACE)\b|[+>|] |- {1,8}["'{]|assert )/;

/** Where Jenkins begins and ends its stages and steps. */
const JENKINS_STAGE =
  /^(?:\[?[\dT:.-]{5,30}Z?\]? {1,4})?\[Pipeline\] (?!error)\S/;

/** `make: *** [Makefile:12: lint] Error 1` names the target. */
const MAKE_TARGET =
  /^make(?:\[\d\])?: \*\*\* \[(?:[^\]\s]{1,200}:\d{1,6}: )?([^\]\s]{1,100})\] /;

function readHint(step: FailedStep | undefined, lines: RuleLine[]): string {
  const target = lines
    .map(({ text }) => MAKE_TARGET.exec(text)?.[1])
    .find(Boolean);
  const command = step?.command
    ?.split('\n')
    // Environment and shell follow the command.
    .filter((_, index, all) => {
      const end = all.findIndex(each => each.startsWith('shell: '));
      return end < 0 || index < end;
    })
    .join('\n');
  return [step?.name, command, target && `make ${target}`]
    .filter(Boolean)
    .join('\n')
    .toLowerCase();
}

/** Commands that prepare others, and the shell's own words. */
const SMALL_COMMAND =
  /^(?:#|set\b|cd\b|export\b|echo\b|mkdir\b|source\b|\. |if\b|then\b|else\b|fi\b|for\b|do\b|done\b|true\b|[A-Z_]{1,60}=|[{}]|python\d? -m venv|pip\d? install --upgrade pip)/;
const HEAD_END = /^(?:shell: |with:|env:)/;

/**
 * What the command that failed is for: the last one that the shell traced, else the
 * only one that does anything.
 */
function readPurpose(
  step: FailedStep | undefined,
  printed: RuleLine[],
  hint: string,
): string {
  const traced = printed.findLast(({ line }) => line.text.startsWith('+ '));
  if (traced) {
    return traced.line.text.toLowerCase();
  }
  const [, ...head] = step?.command?.split('\n') ?? [];
  const end = head.findIndex(each => HEAD_END.test(each));
  const commands = head
    .slice(0, end < 0 ? head.length : end)
    .map(each => each.trim())
    .filter(each => each !== '' && !SMALL_COMMAND.test(each));
  const isNamed = Boolean(step?.name && !step.name.startsWith('Run '));
  return commands.length > 1 && !isNamed && !hint.includes('\nmake ')
    ? ''
    : hint;
}

/** What was printed between the failed step and the clean-up, without what steps show of themselves. */
function linesAfter(kept: LogLine[], last: number): RuleLine[] {
  const after: RuleLine[] = [];
  let isHead = false;
  for (const line of kept) {
    if (line.number <= last) {
      continue;
    }
    if (isCleanUp(line.text)) {
      break;
    }
    if (line.text.startsWith('##[group]Run ')) {
      isHead = true;
    } else if (line.text === '##[endgroup]') {
      isHead = false;
    } else if (!isHead && !line.text.startsWith('##[')) {
      after.push(readRuleLine(line));
    }
  }
  return after;
}

/** Makes of a failed step what the rules look at. */
export function createContext(input: ClassifyInput): RuleContext {
  const { step, reduction, findings, tests, facts } = input;
  const isSame = !step || step.source === reduction.source;
  const first = (isSame && (step?.outputFrom ?? step?.lines[0])) || 1;
  const last = (isSame && step?.lines[1]) || Infinity;
  const inside = reduction.lines.filter(
    ({ number }) => number >= first && number <= last,
  );
  const script = inside.findIndex(({ text }) => isAfterGitLabScript(text));
  const own = inside
    .slice(0, script < 0 ? undefined : script)
    .map(readRuleLine);
  const printed = own.filter(({ line }) => {
    const marker = readFailureMarker(line.text);
    return (
      (!marker || marker.kind === 'error') && !JENKINS_STAGE.test(line.text)
    );
  });
  const lines = printed.filter(
    ({ text, isError, isTest }) => isError || !(isTest || CHATTER.test(text)),
  );
  const end = Math.min(last, lines.at(-1)?.line.number ?? 0);
  const source = step?.source ?? reduction.source;
  const hint = readHint(step, own);
  return {
    source,
    step,
    facts,
    exitCode: step?.exitCode,
    findings,
    tests,
    lines,
    printed,
    before: isSame
      ? reduction.lines
          .filter(({ number }) => number < first)
          .slice(-NEAR_KEPT)
          .map(readRuleLine)
      : [],
    after: isSame ? linesAfter(reduction.lines, last) : [],
    errors: lines.filter(({ line }) => line.text.startsWith('##[error]')),
    near: lines.filter(
      ({ line }, index) =>
        line.number >= end - NEAR_LINES || index >= lines.length - NEAR_KEPT,
    ),
    hint,
    purpose: readPurpose(step, printed, hint),
    exception: readException(own.map(({ line }) => line)),
    evidence: chosen =>
      chosen.slice(0, MAX_EVIDENCE).map(({ line }) => ({
        source: reduction.source,
        line: line.number,
        quote: line.text.slice(0, MAX_QUOTE),
      })),
  };
}
