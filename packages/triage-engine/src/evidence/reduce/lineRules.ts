// SPDX-License-Identifier: Apache-2.0

/**
 * What lines of a failure look like, from the sources and the documentation of
 * the tools that print them. Each rule is linear: no two unbounded repetitions
 * touch, and only the first 400 characters of a line are looked at.
 */

/** Counts of zero, and names of options and files that have a word of failure in them. */
export const HARMLESS =
  /\b(?:errors?|fail(?:s|ed|ing|ures?)?|fatal|exceptions?|warnings?|skipped|flak(?:es|y))["']?\s?[:=]\s?0\b|\b(?:0|no|zero|without) (?:errors?|failures?|failed|failing|fatal|exceptions?|warnings?)\b|\bfail(?:-?fast|safe|over|ureaccess|onerror)|\bfail_fast|\berror-?_?prone|\b(?:continue-)?on-?error|\bexit(?:ed)?(?: with)? (?:code|status)[ :]+0\b|\b\w{0,60}(?:errors?|exceptions?|failures?)\.(?:jar|pom|js|ts|py|go|java|class|o|h|html|md|rst|xml|json|txt|log)\b(?!:\d|[:(]\[?\d)/gi;

/** Names of failed tests. */
export const TESTS = [
  // pytest, Gradle, Rust, Karma, Ant, CTest, TestNG, ScalaTest, GoogleTest
  /(?<!\bBUILD |^> Task \S{1,200} )\bFAILED\b(?!\)| \()|\.\.\. (?:FAIL|ERROR)$|::\S{1,200} ERROR\b/,
  // Go, gotestsum; unittest, nose, Jest; Maven's surefire; Ant; xUnit; NUnit
  /^\s*(?:---|===) FAIL: |^\s{0,4}FAIL[: \t]\s?\S|<<< (?:FAILURE|ERROR)!|^\s{0,4}(?:\[junit\] )?Testcase: .{1,200}(?:FAILED|ERROR)|\[FAIL\]$|^\s{1,4}Failed \S{1,200} \[/,
  // Jest, Vitest, Mocha, AVA, JUnit's tree, TAP; lerna and docker put a name in front
  /^(?:[\w@/.:-]{1,60}(?:: | {1,20}\| ))?\s*(?:\[junit\]\s{1,9})?[│├└─'+|`\s-]{0,40}(?:[✕✖✗✘×❌●]|\[X\]|not ok \d)\s?\S/,
  // JUnit's console launcher
  /^\s*(?:\[junit\]\s{1,9})?(?:JUnit (?:Jupiter|Vintage|Platform Suite):\S|MethodSource \[)/,
  // unittest, nose; a file that pytest could not collect
  /^ERROR: (?:\w+ \(|[\w.]+$)|^ERROR \S+\.py\b/,
  // surefire's summary; its older one is a list; javac explains its errors as deep
  /^\[ERROR\] {2,3}(?!(?:symbol|location|required|found|reason|requires?):)[\w$.]{1,200}(?:[:.>-]|$)/,
  // RSpec, Cucumber; PHPUnit; ExUnit, Minitest; Playwright
  /^(?:rspec|cucumber) \S{1,200}:\d|^\d{1,4}\) [\w\\]{1,200}::\w|^\s{1,4}\d{1,4}\) (?:test |Failure:|Error:|.{1,200} › )/,
];

/** pytest writes the name of a failed test between two rules. */
export const RULED_NAME = /^_+ \S.{0,300} _+$/;

/** What is above a list of failed tests that ends at a blank line. */
export const TEST_LIST =
  /^(?:\[ERROR\] )?\s{0,4}(?:Failed tests|Tests in error|Failures|Errors|failures|Failures \(\d{1,6}\)|The following tests FAILED|Failed tests by module):\s*/;

/** What is above a numbered list of failed tests: Mocha; Jasmine, RSpec; PHPUnit. */
export const NUMBERED_LIST =
  /^\s{1,8}\d{1,6} failing\b|^Failures:\s*$|^There (?:was|were) \d{1,6} (?:failure|error)s?:/;

export const NUMBERED = /^\s{0,8}\d{1,4}\) \S/;

/** That something failed, not why. */
export const ENDS =
  /^##\[error\](?:Process completed|The process |The operation was canceled)|The command .{0,200} exited with [1-9]|\bBUILD FAIL|^FAILURE: Build failed|marked build as failure|^Finished: FAILURE|^make(?:\[\d+\])?: \*\*\* |^npm (?:ERR!|error) (?:code ELIFECYCLE|errno \d|Exit status|This is prob|A complete log|Failed at the|Test failed|Lifecycle script|path |command |workspace |in workspace|at location|\s)|ELIFECYCLE|\bCommand failed|^Tests run:|^\[ERROR\] Tests run: \d+, F[^<]{0,80}$|^\s*\d+ (?:tests? )?(?:failed|failing)\b/;

/** The same, where it is not part of an error's message. */
export const EXITS =
  /exited with [1-9]|exit(?:ed)?(?: with)?(?: code| status)?:? ?\(?[1-9]|returned (?:a )?non-?zero/;

/** An exception's class and message. */
export const EXCEPTION =
  /^\s*(?:\[\w{1,20}\]\s{1,40})?(?:=> |Caused by: |Caused: |Suppressed: |Exception in thread "[^"]{0,80}" |Uncaught |Unhandled )?(?:[\w$]{1,80}[./]){0,20}[\w$]{0,80}(?:Exception|Error|Failure|Throwable)(?:$|[:;] | at |\s*$)/;

/** What went wrong. */
export const ERRORS = [
  /^##\[error\]|^::error|^(?:[│|>*]\s{0,4}|\s{0,8})(?:fatal|panic|error|Error|Fatal|Fatal error|fatal error|FATAL|ERROR)(?:\[\w{1,10}\])?(?: in [^:]{1,80})?\s?[:!-]/,
  // a level between its marks
  /^[^a-z]{0,60}\[?(?:ERROR|FATAL|SEVERE|CRITICAL|PANIC)\b|[\s[|](?:ERROR|FATAL|SEVERE|CRITICAL)[\s\]|:]|^\[error\]|^(?:FATA|ERRO)\[/,
  // compilers and linters: main.c:1:2: error:, (1,2): error TS2304:, 1:2  error  ...
  /[:)\]]\s{0,4}(?:fatal |syntax |internal )?error(?:\s[A-Z]{1,5}\d{1,5})?\b|^\s+\d+:\d+\s+error\s|^CMake Error/,
  // go: main.go:1:2: ...
  /^\S{1,300}\.\w{1,6}:\d{1,7}:\d{1,5}: (?!note|info|remark)\S/,
  EXCEPTION,
  /Traceback \(most recent call last\)|^E {3,}\S|^\s*> (?:Task \S{1,200} FAILED|Could not |Compilation )|^\* What went wrong|^Execution failed for task/,
  /^npm (?:ERR!|error) \S|^error \S|^E: \S|^! [A-Z]|^Error from server|An error occurred \(/,
  /[Ss]egmentation fault|core dumped|[Oo]ut of memory|OutOfMemory|OOMKilled|No space left|[Cc]ommand not found|: not found$|No such file or directory|Permission denied|Connection (?:refused|timed out|reset)|undefined reference|cannot find (?:symbol|module)|Cannot find module|ModuleNotFoundError|unresolved |did not compile|^Killed|: {1,4}\d{1,9} Killed\s|^\s*Expected:? |AssertionError|AssertionFailed|assertion .{0,80}failed|has timed out|status code [45]\d\d/,
  // bandit, black
  /^>> Issue: |^would reformat /,
];

/** What went wrong, though it is called a warning: findings of flake8, pylint, hadolint, ruff, gitleaks; Kubernetes' events. */
export const GRAVE_WARNINGS =
  /^\S{1,300}:\d{1,7}(?::\d{1,5})?:? \[?[A-Z]{1,6}\d{2,5}\b|\bleaks found: [1-9]|CrashLoopBackOff|ImagePullBackOff|ErrImagePull|FailedScheduling|OOMKill/;

/** Has a word of failure in it. */
export const WEAK =
  /error|fail|exception|fatal|panic|killed|cannot|can't|could ?n.t|could not|unable|undefined|unresolved|denied|refused|timed out|timeout|aborted|invalid|unexpected|unsupported|incompatible|missing|not found|no such|expected|traceback|mismatch|severity|vulnerab|leak|critical|crash|(?:is|does|did|was)n't|not (?:allowed|installed|available|enough|supported|permitted)|is required|no (?:package|module)|multiple definition|illegal|✕|✖|✗|✘/i;

export const WARNING =
  /^\W{0,4}(?:##\[)?warn(?:ing)?\b|\bWARN(?:ING)?\b|: warning\b/i;

/** All is well. */
export const INFO =
  /^\W{0,4}(?:INFO|DEBUG|TRACE|NOTICE|VERBOSE|info)\b|^[^a-z]{8,40}\b(?:INFO|DEBUG|TRACE)\b|^Download(?:ing|ed)\b|^Progress \(/;

/** A test that passed. */
export const PASSED =
  /\bPASS(?:ED)?\b|^\s*[✓✔√]|^ok \d|\.\.\. (?:ok|skipped)\b/;

/** In spite of its level. */
export const INFO_OF_FAILURE = /\bFail(?:ure|ed)?\b|\bFAIL/;
