// SPDX-License-Identifier: Apache-2.0
import type {
  Evidence,
  FailureType,
  Finding,
  TestSummary,
} from '@greenroom/plugin-triage-common';
import type { RuleContext } from '../createContext';
import { rankLines, STATES_ERROR } from '../rankLines';
import type { Rule, RuleMatch } from '../ruleTypes';
import { hintedTypes } from './hintRules';
import { testErrorLines } from './testErrorLines';

/** What each kind of finding fails a pipeline with. */
const TYPE_OF_KIND: Partial<Record<Finding['kind'], FailureType>> = {
  lint: 'lint',
  sast: 'sast',
  sca: 'sca',
  secret: 'secret',
  'container-cve': 'container-cve',
  license: 'license',
  misconfiguration: 'manifest',
};

const SEVERITY_ORDER = ['critical', 'high', 'medium', 'low', 'info', 'unknown'];
const MAX_EVIDENCE = 5;

const GATE_LINE =
  /^Gate FAILED: |^The model .{1,200} has not passed the gate|^Run the gate first/;

function typeOf(finding: Finding): FailureType | undefined {
  if (finding.tool === 'hadolint') {
    return 'lint';
  }
  return TYPE_OF_KIND[finding.kind];
}

const isOf = (context: RuleContext, evidence?: Evidence): boolean =>
  evidence !== undefined && evidence.source === context.source;

/** Findings of one type, and how far down in the step they were printed. */
interface Group {
  type: FailureType;
  findings: Finding[];
  lastLine: number;
}

function groupFindings(context: RuleContext): Group[] {
  const printed = context.findings.filter(each => isOf(context, each.evidence));
  const hinted = hintedTypes(context.hint);
  // A report of another step proves nothing about this one.
  const relevant =
    printed.length > 0
      ? printed
      : context.findings.filter(each => {
          const type = typeOf(each);
          return type !== undefined && hinted.includes(type);
        });
  const groups = new Map<FailureType, Group>();
  for (const finding of relevant) {
    const type = typeOf(finding);
    if (type) {
      const group = groups.get(type) ?? { type, findings: [], lastLine: 0 };
      group.findings.push(finding);
      group.lastLine = Math.max(group.lastLine, finding.evidence?.line ?? 0);
      groups.set(type, group);
    }
  }
  return [...groups.values()];
}

const worst = ({ findings }: Group): number =>
  Math.min(...findings.map(({ severity }) => SEVERITY_ORDER.indexOf(severity)));

/** The type that the step is there to look for, else the worst, else the most. */
function chooseGroup(context: RuleContext): Group | undefined {
  const hinted = hintedTypes(context.hint);
  const isHinted = ({ type }: Group) => Number(hinted.includes(type));
  return groupFindings(context).sort(
    (one, other) =>
      isHinted(other) - isHinted(one) ||
      worst(one) - worst(other) ||
      other.findings.length - one.findings.length,
  )[0];
}

function findingEvidence({ findings }: Group): Evidence[] {
  return findings
    .flatMap(({ evidence }) => evidence ?? [])
    .slice(0, MAX_EVIDENCE);
}

const failedCount = ({ failed, errors, failedTests }: TestSummary): number =>
  Math.max((failed ?? 0) + (errors ?? 0), failedTests.length);

/** The last place where a failing test was printed; 0 where none is known. */
function lastTestLine(tests: TestSummary[]): number {
  return Math.max(
    0,
    ...tests.flatMap(({ failedTests }) =>
      failedTests.map(({ evidence }) => evidence?.line ?? 0),
    ),
  );
}

function failingTests(context: RuleContext): TestSummary[] {
  const failing = context.tests.filter(each => failedCount(each) > 0);
  const printed = failing.filter(({ source }) => source === context.source);
  if (printed.length > 0) {
    return printed;
  }
  return hintedTypes(context.hint).includes('unit-test') ? failing : [];
}

const uniqueEvidence = (evidence: Evidence[]): Evidence[] =>
  evidence
    .filter(
      ({ source, line }, index, all) =>
        all.findIndex(each => each.source === source && each.line === line) ===
        index,
    )
    .slice(0, MAX_EVIDENCE);

function matchTests(context: RuleContext): RuleMatch | undefined {
  const failing = failingTests(context);
  if (failing.length === 0) {
    return undefined;
  }
  const group = chooseGroup(context);
  // A linter or scanner that printed later is what ended the step.
  if (
    group &&
    group.lastLine > lastTestLine(failing) &&
    lastTestLine(failing) > 0
  ) {
    return undefined;
  }
  const failed = failing.flatMap(({ failedTests }) => failedTests);
  return {
    evidence: uniqueEvidence([
      ...context.evidence(testErrorLines(context, failed)),
      ...failed.flatMap(({ evidence }) => evidence ?? []),
    ]),
  };
}

/** Frameworks that try again print the test's name once more, with another end. */
function matchRetried(context: RuleContext): RuleMatch | undefined {
  const failed = context.lines.filter(({ text }) => text.endsWith(' FAILED'));
  const passed = new Map(
    context.lines
      .filter(({ text }) => text.endsWith(' PASSED'))
      .map(({ line, text }) => [text.slice(0, -7), line.number] as const),
  );
  const tests = failed.filter(({ text }) => !text.startsWith('>'));
  const isRetried = tests.every(
    ({ line, text }) => (passed.get(text.slice(0, -7)) ?? 0) > line.number,
  );
  const names = failingTests(context).flatMap(each => each.failedTests);
  return tests.length > 0 && isRetried && names.length <= tests.length
    ? { evidence: context.evidence(tests) }
    : undefined;
}

/** Tests that failed and then passed, in one and the same run. */
export const flakyRules: Rule[] = [
  {
    id: 'passed-on-retry',
    type: 'flaky',
    transient: true,
    reason: 'Every test that failed passed when it was run again.',
    match: matchRetried,
  },
];

const findingRule = (type: FailureType, reason: string): Rule => ({
  id: `${type}-findings`,
  type,
  reason,
  match: context => {
    const group = chooseGroup(context);
    return group?.type === type
      ? { evidence: findingEvidence(group) }
      : undefined;
  },
});

/** The gate's sentence begins its line, and no test prints it. */
function isQuoted(context: RuleContext, quote: string): boolean {
  const isError = quote.startsWith('##[error]');
  const text = quote.replace('##[error]', '').trim();
  return (
    !GATE_LINE.test(text) || (!isError && failingTests(context).length > 0)
  );
}

/** What the model's gate said. */
export const gateRules: Rule[] = [
  {
    id: 'gate-verdict',
    type: 'gate',
    reason: 'The quality gate of the model did not pass.',
    match: context => {
      const finding = context.findings.find(
        ({ tool, evidence }) => tool === 'gate' && isOf(context, evidence),
      );
      if (finding?.evidence && !isQuoted(context, finding.evidence.quote)) {
        return { evidence: [finding.evidence] };
      }
      const lines = context.near.filter(
        ({ line, text }) =>
          GATE_LINE.test(text) && !isQuoted(context, line.text),
      );
      return lines.length > 0
        ? { evidence: context.evidence(lines) }
        : undefined;
    },
  },
];

const NO_TESTS =
  /no tests ran\b|^collected 0 items(?: \/ \d{1,6} deselected)?$|^No tests? (?:files? )?(?:were )?found\b|^Ran 0 tests|^testing: warning: no tests to run/;

/** What parsers read from the step's own output, or from the report of its tool. */
export const structuredRules: Rule[] = [
  {
    id: 'no-tests',
    type: 'unit-test',
    reason: 'The test framework found no test to run.',
    advice:
      'Check the folder, the names of files and tests, and the working directory: nothing was tested.',
    match: context => {
      const lines = context.near.filter(({ text }) =>
        NO_TESTS.test(text.replace(/^=+ /, '')),
      );
      const isEmpty =
        lines.length > 0 &&
        (rankLines(context.near, () => false)[0]?.score ?? 0) < STATES_ERROR &&
        context.tests.every(({ total = 0 }) => total === 0) &&
        failingTests(context).length === 0;
      return isEmpty
        ? { evidence: context.evidence(lines.slice(-2)) }
        : undefined;
    },
  },
  {
    id: 'tests-failed',
    type: 'unit-test',
    reason: 'The test framework reports failing tests.',
    match: matchTests,
  },
  findingRule('secret', 'A secret scanner reports findings.'),
  findingRule('container-cve', 'An image scanner reports vulnerabilities.'),
  findingRule('sca', 'A dependency scanner reports vulnerable packages.'),
  findingRule('license', 'A scanner reports a licence that is not allowed.'),
  findingRule('sast', 'A scanner of source code reports findings.'),
  findingRule('manifest', 'A scanner reports a misconfiguration.'),
  findingRule('lint', 'A linter reports findings.'),
];
