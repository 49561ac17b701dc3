// SPDX-License-Identifier: Apache-2.0

/** One thing about a line that speaks for or against it. */
interface Feature {
  weight: number;
  pattern: RegExp;
}

/** An exception with what it says; the rule of Python, Java, JavaScript, .NET, Ruby. */
export const EXCEPTION =
  /^(?:: |Uncaught |Unhandled |Caused by: |Exception in thread "[^"]{1,80}" |Error: |error: )?(?:[A-Za-z_][\w$]{0,60}(?:\.|::|\\)){0,12}[A-Z_]\w{0,80}(?:Error|Exception|Errors|Failure|Interrupt|Timeout|NotFound|Refused|Denied|Unavailable|Violation|Unsatisfiable)\d{0,2}(?: \[[A-Z_]{1,60}\])?: {0,3}\S/;

/** The same with nothing behind it. */
export const BARE_EXCEPTION =
  /^(?:[A-Za-z_]\w{0,60}\.){0,12}[A-Z]\w{0,80}(?:Error|Exception|Errors|Failure)(?::|\(\))?$/;

/** A tool says with its name, or without, that this is an error. */
const TOOL_ERROR =
  /^(?:[\w./@+-]{1,60}(?:\[\d{1,9}\])?: )?(?:(?:fatal|panic|error|err|failed|failure|fatal error|E|F|🛑|❌|✘|✖|×|X)(?:\[[\w.-]{1,20}\]|!)?(?: \([^)]{1,60}\)| \w{1,10}\d{2,6})?(?: (?:from|response|in|while|during|at|of|running|validating|creating)\b[\w ."'()/-]{0,60})?:|(?:🛑|❌|✘|✖|×)) {0,3}\S/i;

/** It says that something could not be done. */
const FAILURE_SENTENCE =
  /^(?:[\w./@ +()'"-]{1,60}: )?(?:[Ff]ailed to |[Cc]annot |[Cc]an't |[Cc]ould ?n[o']t |[Cc]ould not |[Uu]nable to |[Nn]o such |[Mm]issing |[Ii]nvalid |[Uu]nknown |[Uu]nrecogni[sz]ed |[Nn]ot found|[Pp]ermission denied|[Aa]ccess denied|[Uu]nauthori[sz]ed|[Ff]orbidden|[Rr]equired )|\b(?:was|were|been|is) (?:refused|denied|rejected|killed|revoked)\b|\bneeds to be updated\b|\bexceeded\b|\bdoes ?n[o']t exist\b|\bnot (?:found|supported|supplied|installed|recogni[sz]ed|allowed|authori[sz]ed|permitted|available|accessible)\b|\b[Nn]o (?:such|space|tests|match|rule to make)\b|\b[Nn]o (?:\w{1,20} ){1,4}(?:found|available|specified|provided|configured|defined)\b|^error [a-z]{2,20}ing \w|^[A-Z][\w ]{3,60} failed[.!]?$|: [Pp]ermission denied|\bKilled\b/;

/** Each says why something went wrong. */
export const REASONS: RegExp[] = [
  /not (?:found|exist|available|installed|set|supplied|supported|allowed|authori[sz]ed)|does not exist|no such|missing|undefined|unknown|unrecogni[sz]ed/i,
  /denied|refused|unauthori[sz]ed|forbidden|permission|credentials?|authenticat|\b40[1-9]\b|licen[cs]e/i,
  /no space|out of memory|killed|exceed|quota|limit|timed? ?out|too (?:many|large)|insufficient|unavailable|\b429\b|\b5\d\d\b/i,
  /invalid|unexpected|unsupported|incompatible|conflict|mismatch|immutable|deprecated|removed|cannot|could not|unable|must|required?/i,
];

/** What the form of a line says for or against it as the one that names the cause. */
export const FEATURES: Feature[] = [
  { weight: 6, pattern: EXCEPTION },
  { weight: 2, pattern: BARE_EXCEPTION },
  { weight: 4, pattern: TOOL_ERROR },
  { weight: 3, pattern: FAILURE_SENTENCE },
  {
    weight: 2,
    pattern:
      /\S (?:could ?n[o']t|could not|cannot|can't|unable to|failed to|do(?:es)? ?n[o']t|did ?n[o']t|is not|reached (?:your|the|its)) \w/,
  },
  // A linter's place and what it found there.
  {
    weight: 5,
    pattern:
      /^\S{1,300}:\d{1,7}:\d{1,5}: [A-Z]{1,4}\d{2,5}\b|^\d{1,7}:\d{1,5} {1,8}error {1,4}\S/,
  },
  { weight: 4, pattern: /^curl: \(\d{1,3}\) |^wget: / },
  // A compiler's place and what is wrong there.
  {
    weight: 6,
    pattern:
      /^\S{1,300}[:(]\d{1,7}(?:[:,]\d{1,7})?\)?: (?:fatal |syntax )?error\b/i,
  },
  // Whatever fails behind it fails of it.
  {
    weight: 10,
    pattern: /: command not found$|[Nn]o space left on device|^Host key verif/,
  },
  // What a race detector or sanitizer found: it calls that a warning.
  {
    weight: 18,
    pattern: /^WARNING: (?:DATA RACE|\w{1,20}Sanitizer: )/,
  },
  // What a test of Go says of itself.
  { weight: 5, pattern: /^\w{1,100}_test\.go:\d{1,6}: \S/ },
  // What a task of Ansible ended with.
  { weight: 3, pattern: /^msg: \S/ },
  // The last of many tries.
  { weight: 16, pattern: /Retrying \(Retry\(total=0\b/ },
  {
    weight: 4,
    pattern:
      /^\S{1,200}: line \d{1,6}:\s{1,5}\d{1,9} (?:Killed|Segmentation fault|Aborted|Bus error|Illegal instruction)\b/,
  },
  // What Kubernetes tells of a pod.
  {
    weight: 10,
    pattern: /^Warning\s{1,20}(?:Failed\w{0,30}|BackOff|Unhealthy)\s/,
  },
  // A test with its reason; without one it only says which.
  {
    weight: 2,
    pattern: /^(?:FAILED|ERROR) \S{1,300} - \w/,
  },
  // What says only that something failed, which everybody knows.
  {
    weight: -9,
    pattern:
      /^(?:Process completed with exit code|The process '|Docker (?:run|build) failed with exit|Script failed|Command failed|Finished: |Build step '|script returned exit code|make(?:\[\d{1,3}\])?: \*\*\* (?!No rule)|Error: Process completed|Job failed|The operation was cancel|Build failed|BUILD FAILED|FAILURE: |Some jobs were not|Waiting \d|Retrying)/,
  },
  {
    weight: -6,
    pattern:
      /\b(?:failed|exited|terminated|ended|returned|exit(?:ing)?)\b.{0,40}\b(?:exit |error |non-?zero )?(?:code|status)[: ]{1,2}[[(]?-?\d{1,4}\b|\bexit (?:code|status):? -?\d{1,4}\.?$|returned (?:a )?non-?zero|did not (?:complete|run) successfully|^buildx failed|failed to (?:solve|build): |ELIFECYCLE|executor failed running|subprocess-exited-with-error|^Command ['"[].{1,300}\b(?:failed|returned)|CalledProcessError|ChildFailedError|command failed ?:|^errno \d|^code E?\w{1,20}$|See above for output|^Traceback|non-zero status: \d|unexpected exit code|failed to push some refs|could not read from remote repository/i,
  },
  {
    weight: -5,
    pattern:
      /^(?:FAILED|ERROR) \S{1,300}$|\bFAILED {0,60}\[ {0,3}\d{1,3}%\]|^\S{1,300} (?:FAILED|ERROR)$|^Interrupted: |^!{3,} |^={3,}|^-{3,}|^_{3,}|^[1-9]\d{0,5} (?:failed|errors?)\b|^(?:FAIL|ERROR): \w{1,200} \(|^Ran \d|^Found \d{1,6} (?:errors?|issues?)\b|^✖ \d|^Your code has been rated|^Passed checks: |\d Code Findings?\b|^An error occurred while calling /,
  },
  // That it was waited for, not for what.
  { weight: -5, pattern: /timed out waiting|exceeded its progress deadline/ },
  // Frames, and code that a frame shows.
  {
    weight: -9,
    pattern:
      /^(?:File "|at [\w$.<>[\] ]{1,200}\(|at \S{1,300}:\d|\S{1,300}\.(?:py|rb):\d{1,7}: (?:in |$)|raise |return |assert |if |for |with |from \S{1,100} import|import |throw )|^goroutine \d|^\S{1,300}\.go:\d{1,6}(?: \+0x|$)/,
  },
  // How to mend it, where to read on.
  {
    weight: -4,
    pattern:
      /^(?:please\b|re-?run\b|to see\b|-> \[|see\b|(?:for|to learn) more\b|hint|help:|note:|to fix|to run|you (?:can|may|should|need)|if (?:you|this|the)\b|try\b|this (?:error originates|is probably)|https?:\/\/|<https?:|a complete log|use --|run with|learn more|read more|did you mean|more info|check the documentation|\*\*\* you may|is your cache|traceback)/i,
  },
  // TensorFlow on every machine without a GPU.
  {
    weight: -12,
    pattern:
      /\b[EWI] (?:external\/\w{1,40}\/)?tensorflow\/.{1,60}(?:cuda|cudart|dso_loader)/,
  },
  // Talk: levels that end nothing, progress, warnings.
  {
    weight: -6,
    pattern:
      /^(?:\[?(?:INFO|DEBUG|TRACE|NOTICE|VERBOSE)\b|.{0,60}\b(?:INFO|DEBUG|TRACE|INF|DBG)\b|Download(?:ing|ed)\b|Collecting |Requirement already|Installing |Successfully |Get:\d|Hit:\d|Fetched |Epoch\b|npm notice|npm http|copying )/,
  },
  {
    weight: -4,
    pattern:
      /^\W{0,4}(?:warn(?:ing)?\b|WARN\w{0,4}\b|npm warn|deprecat)|^.{0,60}\bWARN(?:ING)?\b|\b\w{0,40}Warning: |\bwarning: /,
  },
  {
    weight: -8,
    pattern:
      /\bPASS(?:ED)?\b|\bXFAIL\b|\bSKIPPED\b|\.\.\. (?:ok|skipped)\b|^\s{0,4}[✓✔√]|^ok \d|\b0 (?:errors?|failures?|failed)\b|\(ignored\)|\bwill be ignored\b|continuing/,
  },
  // What a step is about to run.
  {
    weight: -9,
    pattern:
      /^(?:\+ |\[command\]|\$ |> (?!Could not|Cannot|Failed|A failure))\S/,
  },
];
