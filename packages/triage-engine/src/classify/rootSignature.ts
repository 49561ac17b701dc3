// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Finding, TestSummary } from '@greenroom/plugin-triage-common';
import { createContext, type RuleContext } from './createContext';
import { readFailureMarker } from '../steps/failureMarkers';
import { normalizeMessage } from './normalizeMessage';
import type { ReadException } from './readException';
import type { Classification, ClassifyInput } from './types';

const HEX_DIGITS = 16;
/** More names than these say nothing new of the cause. */
const MAX_NAMES = 50;

/** Says only that something was expected: the test's name is needed to tell causes apart. */
const BARE_ASSERTION =
  /^(?:[\w.$]{0,120}(?:Assertion\w{0,40}|ComparisonFailure|MultipleFailuresError|ExpectationFailed)\b|assert\b|expect(?:ed)?\b|expected\b|failed\b|fail\b|error$)/i;
const NAMED_ERROR = /^[\w.$]{1,160}(?:Error|Exception)\b/;

const unique = (values: string[]): string[] =>
  [...new Set(values)].sort().slice(0, MAX_NAMES);

/** Parameters that are addresses or ids differ from run to run; numbers do not. */
const testName = (name: string): string =>
  name
    .slice(0, 400)
    .replace(/\b0x[0-9a-f]{1,16}\b/gi, '<address>')
    .replace(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '<uuid>');

/**
 * One cause often fails many tests, and other ones the next time: an error with a
 * message of its own stands for all; a bare assertion needs the test's name.
 */
function ofTests(tests: TestSummary[]): string[] {
  const failed = tests.flatMap(({ failedTests }) => failedTests);
  const messages = new Map<string, number>();
  for (const { message } of failed) {
    const head = message?.trim().split('\n', 1)[0] ?? '';
    if (NAMED_ERROR.test(head) && !BARE_ASSERTION.test(head)) {
      const key = normalizeMessage(head);
      messages.set(key, (messages.get(key) ?? 0) + 1);
    }
  }
  const [common] = [...messages].sort(
    ([one, times], [other, otherTimes]) =>
      otherTimes - times || one.localeCompare(other),
  );
  if (common && common[1] * 2 >= failed.length) {
    return ['error', common[0]];
  }
  return ['tests', ...unique(failed.map(({ name }) => testName(name)))];
}

/** What was found and where, without line numbers. */
function ofFindings(findings: Finding[]): string[] {
  return unique(
    findings.map(({ tool, rule, file, package: library }) =>
      [tool, rule, file && normalizeMessage(file), library].join(' '),
    ),
  );
}

/** The innermost frame of the repository: a function moves less than a line. */
function ofException(exception: ReadException): string[] {
  const own = exception.frames.findLast(
    ({ path }) =>
      !/site-packages|dist-packages|[\\/]lib[\\/]python\d|node_modules|^node:|^<|\(?(?:Native Method|Unknown Source)/.test(
        path,
      ),
  );
  return [
    exception.name,
    normalizeMessage(exception.message),
    own?.function ?? '',
  ];
}

const KINDS: Partial<Record<Classification['type'], Finding['kind'][]>> = {
  lint: ['lint', 'misconfiguration'],
  sast: ['sast', 'other'],
  sca: ['sca'],
  secret: ['secret'],
  'container-cve': ['container-cve'],
  license: ['license'],
  manifest: ['misconfiguration'],
};

function ofLines(
  { step, exception, lines }: RuleContext,
  { rule, evidence }: Classification,
): string[] {
  const [first] = evidence;
  if (exception && first?.line === exception.line.number) {
    return ofException(exception);
  }
  const isMarkerOnly =
    !first ||
    Boolean(
      readFailureMarker(first.quote.trim())?.kind.match(/ended|cancelled/),
    );
  if (!isMarkerOnly) {
    // A quote is cut; the cause may stand at the end of a long line.
    const whole = lines.find(({ line }) => line.number === first.line)?.line;
    const text = whole?.text ?? first.quote;
    return [rule, normalizeMessage(text.replace('##[error]', ''))];
  }
  if (exception) {
    return ofException(exception);
  }
  return [
    rule,
    normalizeMessage(step?.name ?? step?.command?.split('\n', 1)[0] ?? ''),
  ];
}

/** Metric and what it was held against; the figures change with each training. */
function ofGate(
  { findings }: RuleContext,
  evidence: Classification['evidence'],
): string[] {
  const gate = findings.find(({ tool }) => tool === 'gate');
  const sentence = evidence[0]?.quote ?? gate?.message ?? '';
  return [
    gate?.rule ?? 'gate',
    normalizeMessage(sentence.replace('##[error]', '')),
  ];
}

function causeOf(
  context: RuleContext,
  classification: Classification,
): string[] {
  const { type, rule } = classification;
  if (rule === 'gate-verdict') {
    return ofGate(context, classification.evidence);
  }
  if (
    type === 'unit-test' &&
    context.tests.some(each => each.failedTests.length > 0)
  ) {
    return ofTests(context.tests);
  }
  const kinds = KINDS[type] ?? [];
  const findings = context.findings.filter(({ kind }) => kinds.includes(kind));
  if (findings.length > 0 && rule.endsWith('-findings')) {
    return ofFindings(findings);
  }
  if (rule.startsWith('exception-') && context.exception) {
    return ofException(context.exception);
  }
  return ofLines(context, classification);
}

/**
 * Names the cause of a failure, for grouping: the same for the same cause in
 * another run, on another machine, and when lines move; another for another cause.
 * Made from the type and, whichever the rule decided by: the findings (tool, rule,
 * file, package), the error that most failing tests share or else their names, the
 * exception with its message and the repository's innermost function, or the
 * deciding line; each without numbers, times, hosts, ids and folders.
 *
 * @returns 16 hexadecimal digits of a SHA-256
 */
export function rootSignature(
  input: ClassifyInput & { classification: Classification },
): string {
  const { classification } = input;
  const cause = causeOf(createContext(input), classification);
  return createHash('sha256')
    .update(JSON.stringify([classification.type, ...cause]))
    .digest('hex')
    .slice(0, HEX_DIGITS);
}
