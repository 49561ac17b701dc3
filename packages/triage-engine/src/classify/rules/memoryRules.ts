// SPDX-License-Identifier: Apache-2.0
import type { RuleContext } from '../createContext';
import type { LineRule, Rule, RuleMatch } from '../ruleTypes';

/** 128 + SIGKILL: on CI nearly always the kernel's or the container's memory limit. */
const SIGKILL_CODE = 137;
const TIMEOUT_CODE = 124;
const SIGINT_CODE = 130;
const SIGTERM_CODE = 143;

/** As the shell says it, with or without the process. */
const KILLED =
  /^(?:\S{1,300}: line \d{1,6}:\s{1,5}\d{1,9} )?Killed\b|Out of memory: Killed|OOMKilled/;

function exitedWith(context: RuleContext, code: number): RuleMatch | undefined {
  const { exitCode, step } = context;
  const ends = step?.error ? [step.error] : [];
  if (exitCode !== code) {
    return undefined;
  }
  // The shell says which process was killed; the code alone says only that one was.
  const killed =
    code === SIGKILL_CODE
      ? context.near.filter(({ text }) => KILLED.test(text))
      : [];
  return { evidence: [...context.evidence(killed.slice(-2)), ...ends] };
}

export const exitCodeRules: Rule[] = [
  {
    id: 'exit-137',
    type: 'out-of-memory',
    reason:
      'The process was killed (exit code 137), as the kernel does when memory runs out.',
    match: context => exitedWith(context, SIGKILL_CODE),
  },
  {
    id: 'exit-124',
    type: 'timeout',
    reason:
      'The command ended by exit code 124, which the timeout command gives.',
    match: context => exitedWith(context, TIMEOUT_CODE),
  },
];

/** Signals that end a process from outside: what sent them is not in the log. */
export const signalRules: Rule[] = [
  {
    id: 'exit-130',
    type: 'cancelled',
    transient: true,
    reason: 'The process was interrupted (exit code 130).',
    match: context => exitedWith(context, SIGINT_CODE),
  },
  {
    id: 'exit-143',
    type: 'infrastructure',
    transient: true,
    reason: 'The process was told to end from outside (exit code 143).',
    match: context => exitedWith(context, SIGTERM_CODE),
  },
];

export const memoryLines: LineRule[] = [
  {
    id: 'killed',
    type: 'out-of-memory',
    reason:
      'A process was killed (SIGKILL), as the kernel does when memory runs out.',
    // As shells, make, Docker, kubectl and Python's subprocess tell of it.
    pattern:
      /^(?:\S{1,200}: line \d{1,6}:\s{1,5}\d{1,9} )?Killed\b|^make(?:\[\d\])?: \*\*\* \[.{1,300}\] (?:Error 137|Killed)|returned a non-zero code: 137|exit(?:ed with)? (?:code|status)[: ]{1,2}137\b|did not complete successfully: exit code: 137|signal: 9, SIGKILL|died with <Signals\.SIGKILL|terminated by signal (?:9|SIGKILL)|(?:exit|return) ?code {0,4}[:=]? {0,2}-9\b|: line \d{1,6}:\s{1,5}\d{1,9} Killed\b/,
    scope: 'near',
  },
  {
    id: 'python-memory-error',
    type: 'out-of-memory',
    reason: 'Python could not allocate memory.',
    pattern:
      /^(?:\w{1,40}\.){0,4}_?(?:Array)?MemoryError(?::|$)|^(?:\w{1,40}\.){0,3}OutOfMemoryError: |^RuntimeError: (?:CUDA out of memory|\[enforce fail at .{1,200}not enough memory)|^(?:joblib|loky|concurrent)\.[\w.]{1,80}TerminatedWorkerError|^(?:tensorflow\.[\w.]{1,80})?ResourceExhaustedError: |CUBLAS_STATUS_ALLOC_FAILED|^OSError: \[Errno 12\]/,
    scope: 'step',
  },
  {
    id: 'java-out-of-memory',
    type: 'out-of-memory',
    reason: 'The Java virtual machine ran out of memory.',
    pattern:
      /^(?:Exception in thread .{1,100} |Caused by: |error: )?java\.lang\.OutOfMemoryError\b|^(?:> )?(?:Java heap space|GC overhead limit exceeded)|There is insufficient memory for the Java Runtime Environment|Gradle build daemon disappeared unexpectedly|Failed to execute goal .{1,300}(?:Java heap space|GC overhead limit exceeded)/,
    scope: 'near',
  },
  {
    id: 'native-out-of-memory',
    type: 'out-of-memory',
    reason: 'A program could not allocate memory.',
    pattern:
      /JavaScript heap out of memory|[Ee]xceeded (?:job |the )?memory limit|[Oo]ut[- ]of[- ]memory (?:killed|handler|event)|^fatal error: (?:runtime: )?(?:out of memory|runtime: cannot allocate memory)|Cannot allocate memory|std::bad_alloc|virtual memory exhausted|LLVM ERROR: out of memory|^(?:\[[\d. ]{1,20}\] )?(?:Out of memory: Killed process|oom-kill:)|Memory cgroup out of memory/,
    scope: 'near',
  },
  {
    id: 'kubernetes-oom-killed',
    type: 'out-of-memory',
    reason: 'Kubernetes stopped the container at its memory limit.',
    pattern:
      /^(?:Last State|State|Reason|reason|"reason"): {0,10}"?(?:Terminated: )?OOMKilled|^(?:[\w./-]{1,200}\s{1,20}){1,3}\d{1,3}\/\d{1,3}\s{1,20}OOMKilled\b|^(?:container|pod|Pod|Container|error:|Error:).{1,200}\bOOMKilled\b/,
    scope: 'near',
  },
];
