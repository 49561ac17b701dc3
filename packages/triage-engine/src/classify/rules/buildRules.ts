// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import type { RuleContext } from '../createContext';
import { rankLines, STATES_ERROR } from '../rankLines';
import type { RuleLine } from '../readRuleLine';
import type { LineRule, Rule, RuleMatch } from '../ruleTypes';
import { infrastructureLines } from './infrastructureRules';
import { memoryLines } from './memoryRules';

/** A build tool's own statement of what it could not do. */
interface Verdict {
  type: FailureType;
  line: RuleLine;
}

const MAVEN_GOAL =
  /Failed to execute goal (?:[\w.-]{1,100}:)?([\w.-]{1,100}):[\w.-]{1,60}:([\w-]{1,60})/;
const MAVEN_OTHER =
  /^(?:Failed to execute goal on project |Plugin \S{1,200} or one of its dependencies could not be resolved|The build could not read \d|Non-resolvable |Unresolveable build extension|COMPILATION ERROR)/;
const GRADLE_TASK = /Execution failed for task '([^']{1,200})'/;
const GRADLE_OTHER =
  /^(?:> )?(?:Could not (?:resolve all (?:files|dependencies|artifacts|task dependencies)|compile (?:build file|settings file)|determine the dependencies of task|open (?:init|settings) generic)|A problem occurred (?:configuring|evaluating) )/;

const LINT_GOAL =
  /checkstyle|pmd|spotbugs|findbugs|spotless|ktlint|detekt|apache-rat|\brat\b|formatter|javaformat|impsort|editorconfig|license(?:Main|Test|Check|Format)|sortpom|errorprone|codenarc|scalastyle|\blint|Lint\w{0,40}$|cpd/i;
const TEST_GOAL = /surefire|failsafe|tycho-surefire|karma|gatling/i;
const SCA_GOAL = /dependency-?check|ossindex|dependencyCheckAnalyze/i;
const LICENSE_GOAL = /^license-maven-plugin$|^checkLicense$|licenseReport/i;

/** A compilation is named before tests: `compileTestJava`. */
function typeOfGradleTask(path: string): FailureType {
  const task = path.slice(path.lastIndexOf(':') + 1);
  if (/^compile|(?:^|[a-z])[Cc]ompile/.test(task)) {
    return 'build';
  }
  if (LINT_GOAL.test(task)) {
    return 'lint';
  }
  if (SCA_GOAL.test(task)) {
    return 'sca';
  }
  if (LICENSE_GOAL.test(task)) {
    return 'license';
  }
  return /test|^check$/i.test(task) && !/(?:classes|resources|jar)$/i.test(task)
    ? 'unit-test'
    : 'build';
}

function typeOfMavenGoal(
  plugin: string,
  text: string,
): FailureType | undefined {
  if (TEST_GOAL.test(plugin)) {
    // A crash of the forked VM is told by the rules for what crashed it.
    return /There (?:are|were|was) (?:\w{1,10} )?(?:test )?failures?/.test(text)
      ? 'unit-test'
      : undefined;
  }
  if (LICENSE_GOAL.test(plugin) && !/header/i.test(text)) {
    return 'license';
  }
  if (SCA_GOAL.test(plugin)) {
    return 'sca';
  }
  return LINT_GOAL.test(plugin) || LICENSE_GOAL.test(plugin) ? 'lint' : 'build';
}

function readVerdict(line: RuleLine): Verdict | undefined {
  const { text } = line;
  const goal = MAVEN_GOAL.exec(text);
  if (goal) {
    const type = typeOfMavenGoal(goal[1], text);
    return type && { type, line };
  }
  if (MAVEN_OTHER.test(text) || GRADLE_OTHER.test(text)) {
    return { type: 'build', line };
  }
  const task = GRADLE_TASK.exec(text);
  return task ? { type: typeOfGradleTask(task[1]), line } : undefined;
}

/** Gradle gives its reasons one below the other. */
const REASON_LINES = 12;

const REASON = /^(?:> |Caused by|Could not transfer)/;

/** A plugin that was refused builds nothing, and is no build error. */
const isRefusal = ({ text }: RuleLine): boolean =>
  /not authori[sz]ed|[Uu]nauthori[sz]ed|\b401\b/.test(text);

/** A repository that serves the public refuses nobody: it has a bad day. */
const REFUSED_FILE =
  /[Rr]eceived status code (?:40[13]|429) from server|from\/to \S{1,60} \(.{1,200}\): status code: (?:40[13]|429)/;

const isInfrastructure = ({ text }: RuleLine): boolean =>
  REFUSED_FILE.test(text) ||
  infrastructureLines.some(({ pattern }) => pattern.test(text));

const DISK_FULL = infrastructureLines.find(({ id }) => id === 'no-space-left');

/** Compilers and plugins fail of a full disk in words of their own. */
const isDiskFull = ({ text }: RuleLine): boolean =>
  DISK_FULL?.pattern.test(text) ?? false;

const isOutOfMemory = ({ text }: RuleLine): boolean =>
  memoryLines.some(({ pattern }) => pattern.test(text));

/** The first verdict, and the lines that give its reason, where they are others. */
function findVerdict({
  lines,
  near,
  printed,
}: RuleContext): Verdict | undefined {
  if (near.some(isOutOfMemory)) {
    return undefined;
  }
  for (const line of lines) {
    const verdict = readVerdict(line);
    if (verdict) {
      const { number } = line.line;
      const reasons = printed.filter(
        each =>
          each.line.number >= number &&
          each.line.number < number + REASON_LINES &&
          (each.line === line.line || REASON.test(each.text)),
      );
      if (verdict.type === 'build' && isRefusal(line)) {
        return undefined;
      }
      const broken =
        verdict.type === 'unit-test'
          ? undefined
          : (reasons.find(isInfrastructure) ?? lines.find(isDiskFull));
      return broken ? { type: 'infrastructure', line: broken } : verdict;
    }
  }
  return undefined;
}

const verdictRule = (id: string, type: FailureType, reason: string): Rule => ({
  id,
  type,
  reason,
  match: (context): RuleMatch | undefined => {
    const verdict = findVerdict(context);
    if (verdict?.type !== type) {
      return undefined;
    }
    // What the compiler says comes before what the build tool makes of it.
    const [cause] =
      type === 'build'
        ? rankLines(context.lines, () => false).filter(
            ({ line, score }) =>
              score >= STATES_ERROR && line !== verdict.line.line,
          )
        : [];
    return {
      evidence: context.evidence([...(cause ? [cause] : []), verdict.line]),
    };
  },
});

/** What Maven and Gradle say at their end: it outranks what ran before and was let pass. */
export const buildToolRules: Rule[] = [
  verdictRule(
    'build-tool-infrastructure',
    'infrastructure',
    'The build tool says that the machine or a repository failed it.',
  ),
  verdictRule(
    'build-tool-lint',
    'lint',
    'The build tool says that a linter failed.',
  ),
  verdictRule(
    'build-tool-sca',
    'sca',
    'The build tool says that a dependency scanner failed.',
  ),
  verdictRule(
    'build-tool-license',
    'license',
    'The build tool says that a licence check failed.',
  ),
  verdictRule(
    'build-tool-tests',
    'unit-test',
    'The build tool says that tests failed.',
  ),
];

/** After tests and findings: a build that failed otherwise. */
export const buildToolBuildRules: Rule[] = [
  verdictRule(
    'build-tool-build',
    'build',
    'The build tool says that it could not build.',
  ),
];

export const buildLines: LineRule[] = [
  {
    id: 'linter',
    type: 'lint',
    reason: 'A linter or formatter is not content.',
    pattern:
      /^(?:would reformat |\d{1,6} files? would be reformatted|Oh no! |Found [1-9]\d{0,5} errors? in \d{1,6} files? \(checked|Found [1-9]\d{0,5} (?:fixable )?(?:errors?|issues?)\.?(?: \(| \[|$)|✖ [1-9]\d{0,5} problems? \(|[1-9]\d{0,5} errors?, \d{1,6} warnings?(?:, \d{1,6} information)?\s*$|\[warn\] Code style issues|Code style issues (?:were )?found|Your code has been rated at|- hook id: |level=error msg="(?:\d{1,5} issues|Running error)|Some files were not formatted|Run '.{1,80}spotlessApply' to fix|There were .{0,60}(?:lint|style|format|Checkstyle)|There are .{0,60}(?:lint|style|Checkstyle)|You have [1-9]\d{0,5} Checkstyle violations?|.{1,200} Imports are incorrectly sorted|Diff in .{1,200} at line|\S{1,200}:\d{1,6}(?::\d{1,5})?:? (?:DL|SC)\d{4}\b|.{0,200}\[actionlint\]|.{1,80} offenses? detected)|^\d{1,7}:\d{1,5} {1,8}error {1,4}\S|clippy::|^\S{1,200}:\d{1,7}:\d{1,5}: [EWFCNDB]\d{3,4} |^(?:[BCDEFINSW]|UP|RUF|SIM|PL[CERW]|PT|PD|NPY|ANN|ARG|TRY)\d{3,4} (?:\[\*\] )?[A-Z`'][^:]{8,200}$|^lint(?:ing)? failed/i,
    scope: 'near',
  },
  {
    id: 'test-sentence',
    type: 'unit-test',
    reason: 'A test framework says that tests failed.',
    pattern:
      /^(?:Test[s]? failed\b|There were failing tests|There are test failures|FAILED \((?:failures|errors)=|=+ .{0,100}\b[1-9]\d{0,5} (?:failed|errors?)\b.{0,100} in [\d.]{1,12}s|[1-9]\d{0,5} (?:tests?|specs?|examples?|suites?|scenarios?).{0,40}\b[1-9]\d{0,5} (?:failures?|failed)\b|--- FAIL: |FAIL\s{1,5}\S{1,200}\s{1,5}[\d.]{1,10}s$|test result: FAILED|Tests:\s{1,10}[1-9]\d{0,5} failed|Failed!\s{1,3}- Failed:|error: test failed, to rerun|Npm Err! Test failed|short test summary|Interrupted: [1-9]\d{0,4} errors? during collection|Required test coverage of|FAIL Required test coverage|Coverage failure|Jest: .{0,80}threshold)/i,
    scope: 'near',
  },
  {
    id: 'compiler',
    type: 'build',
    reason: 'A compiler does not accept the code.',
    pattern:
      /^COMPILATION ERROR|^configure: error: |Compilation (?:failed|failure)|^\S{1,300}\.(?:java|kt|scala|groovy):\[?\d{1,7}[,:\]].{0,80}(?:error|cannot find symbol|incompatible types)|^\S{1,300}\.java:\d{1,7}: error: |\berror TS\d{3,5}: |^\S{1,300}\.go:\d{1,7}:\d{1,5}: |^\S{1,300}:\d{1,7}:\d{1,5}: (?:fatal )?error: |^error(?:\[E\d{4}\])?: .{0,300}(?:could not compile|aborting due to)|^error\[E\d{4}\]: |could not compile `|\berror CS\d{4}: |Module not found: (?:Error: )?Can't resolve|Failed to compile\.|ERROR in \S|(?:^|: )[Cc]ommand '\S{0,100}(?:gcc|g\+\+|cc|clang|cl\.exe)' failed|^ld: |undefined reference to `|collect2: error|^BUILD FAILED|UnsupportedClassVersionError|^npm ERR! Failed at the .{1,100} build script/,
    scope: 'near',
  },
  {
    id: 'image-build',
    type: 'build',
    reason: 'The image could not be built.',
    pattern:
      /failed to solve: |^buildx failed with: |The command '.{1,400}' returned a non-zero code: \d|process ".{1,400}" did not complete successfully|COPY failed: |dockerfile parse error|failed to compute cache key|failed to calculate checksum|^ERROR: failed to build: |error building image|Dockerfile:\d{1,5}\b/,
    scope: 'near',
  },
  {
    id: 'dependency-resolution',
    type: 'build',
    reason: 'The dependencies could not be resolved or installed.',
    pattern:
      /Could not solve for environment|changed significantly since \S{1,40}lock|has no installation candidate|Unable to locate package |\buninstallable\b|which conflicts with any|Unsatisfiable(?:Error)?\b|ResolvePackageNotFound|PackagesNotFoundError|[Vv]ersion solving failed|SolverProblemError|Could not find a version that satisfies the requirement|No matching distribution found for|ResolutionImpossible|No solution found when resolving|Failed building wheel for|Could not build wheels for|Failed to build \S|THESE PACKAGES DO NOT MATCH THE HASHES|[Hh]ash mismatch|subprocess-exited-with-error|metadata-generation-failed|Cannot install .{1,300} because these package versions have conflicting|npm (?:ERR!|error) code (?:ERESOLVE|E404|ETARGET|EBADENGINE|EUSAGE|EINTEGRITY|ELSPROBLEMS)|[Ll]ock ?file\b.{0,60} (?:needs to be updated|is (?:out of date|not up to date|outdated))|lockfile would have been modified|ERR_PNPM_|Couldn't find (?:any versions for|package) "|error An unexpected error occurred: "https|Could not (?:resolve dependencies|find (?:artifact|\S{1,100}:\S{1,100}:))|go: .{1,200}(?:unknown revision|missing go\.sum entry|module .{1,200} not found)|no required module provides package|cannot find (?:package|module)|Could not find gem|Your requirements could not be resolved|ModuleNotFoundError: |^ImportError: |^(?:Syntax|Indentation)Error: |Cannot find module '/,
    scope: 'near',
  },
  {
    id: 'flaky-reported',
    type: 'flaky',
    transient: true,
    reason:
      'The test framework says that failing tests passed when they were run again.',
    pattern:
      /failOnFlakeCount is set|Test(?:s)? passed (?:after|on) retry|^\s{0,4}[1-9]\d{0,4} flaky$|\bFLAKY, failed in \d|flaky tests? (?:detected|found)|--fail-on-flaky-tests|There (?:was|were) [1-9]\d{0,4} flakes?\b/,
    scope: 'near',
  },
];
