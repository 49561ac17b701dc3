// SPDX-License-Identifier: Apache-2.0
import type {
  Evidence,
  Finding,
  TestSummary,
} from '@greenroom/plugin-triage-common';
import type { LogLine } from '../logs/types';
import { readFailureMarker } from '../steps/failureMarkers';
import { readException, type ReadException } from './readException';
import type { FailedStep, RunFacts } from '../steps/types';
import type { ClassifyInput } from './types';

/** A kept line as rules look at it. */
export interface RuleLine {
  line: LogLine;
  /** Without `##[error]`, Maven's level and BuildKit's columns; cut. */
  text: string;
  /** Whether the CI system or a tool marks it as an error. */
  isError: boolean;
}

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
  /** Those that the CI system marks as errors. */
  errors: RuleLine[];
  /** The last of them. */
  near: RuleLine[];
  /** Step, command and target of make in small letters: hints, no proof. */
  hint: string;
  /** The exception that ended the step, if one did. */
  exception?: ReadException;
  evidence(lines: RuleLine[]): Evidence[];
}

/** So far from the end, in lines of the log, or among so many kept lines. */
const NEAR_LINES = 150;
const NEAR_KEPT = 40;
const MAX_EVIDENCE = 5;
const MAX_QUOTE = 500;

/** Rules see so many characters of a line. */
const MAX_TESTED = 1000;

/** Where a tool puts its level or column before the message. */
const LEVEL =
  /^(?:#\d{1,5} (?:\d{1,7}\.\d{1,4} |ERROR: )|\[(?:ERROR|FATAL)\] ?|(?:ERROR|FATAL):? )/;

/** Talk of a program at a level that ends nothing, diffs and asserted values. */
const CHATTER =
  /^(?:.{0,60}\b(?:INFO|DEBUG|TRACE)\b|E {2,}|[+>|] |- {1,8}["'{]|assert )/;

function toRuleLine(line: LogLine): RuleLine {
  let text = line.text.slice(0, MAX_TESTED).trim();
  let isError = false;
  if (text.startsWith('##[error]')) {
    text = text.slice('##[error]'.length);
    isError = true;
  }
  const level = LEVEL.exec(text);
  if (level) {
    text = text.slice(level[0].length).trimStart();
    isError = isError || !level[0].startsWith('#');
  }
  return { line, text, isError };
}

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

/** Makes of a failed step what the rules look at. */
export function createContext(input: ClassifyInput): RuleContext {
  const { step, reduction, findings, tests, facts } = input;
  const isSame = !step || step.source === reduction.source;
  const first = (isSame && (step?.outputFrom ?? step?.lines[0])) || 1;
  const last = (isSame && step?.lines[1]) || Infinity;
  const own = reduction.lines
    .filter(({ number }) => number >= first && number <= last)
    .map(toRuleLine);
  const lines = own.filter(({ line, text, isError }) => {
    const marker = readFailureMarker(line.text);
    return (
      (!marker || marker.kind === 'error') && (isError || !CHATTER.test(text))
    );
  });
  const end = Math.min(last, lines.at(-1)?.line.number ?? 0);
  const source = step?.source ?? reduction.source;
  return {
    source,
    step,
    facts,
    exitCode: step?.exitCode,
    findings,
    tests,
    lines,
    errors: lines.filter(({ line }) => line.text.startsWith('##[error]')),
    near: lines.filter(
      ({ line }, index) =>
        line.number >= end - NEAR_LINES || index >= lines.length - NEAR_KEPT,
    ),
    hint: readHint(step, own),
    exception: readException(own.map(({ line }) => line)),
    evidence: chosen =>
      chosen.slice(0, MAX_EVIDENCE).map(({ line }) => ({
        source: reduction.source,
        line: line.number,
        quote: line.text.slice(0, MAX_QUOTE),
      })),
  };
}
