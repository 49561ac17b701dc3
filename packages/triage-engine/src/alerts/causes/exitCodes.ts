// SPDX-License-Identifier: Apache-2.0

interface ExitMeaning {
  /** `SIGILL`; absent where no signal ended it. */
  signal?: string;
  means: string;
  step: string;
}

/** What a shell makes of a signal: 128 and its number. */
const SIGNALS: Record<number, ExitMeaning> = {
  4: {
    signal: 'SIGILL',
    means:
      'illegal instruction: the CPU of the node does not have instructions (such as AVX) that the program was compiled for',
    step: 'Run the pod on nodes whose CPU has these instructions (node selector, the pool from before), or use an image built for this CPU.',
  },
  6: {
    signal: 'SIGABRT',
    means: 'the program aborted itself after a failed check',
    step: 'Look the message up in the issues of the program; pin the version before, or upgrade to the one that mends it.',
  },
  7: {
    signal: 'SIGBUS',
    means:
      'bus error: memory that is mapped from a file or from shared memory (/dev/shm) cannot be backed, mostly since /dev/shm or the disk is too small',
    step: 'Mount an emptyDir with medium: Memory at /dev/shm with enough sizeLimit, or make room on the disk of the mapped file.',
  },
  8: {
    signal: 'SIGFPE',
    means: 'an arithmetic error, such as a division by zero',
    step: 'Look for the input that the last lines name.',
  },
  11: {
    signal: 'SIGSEGV',
    means: 'segmentation fault in native code',
    step: 'Keep the input that came last away (validate it), and pin or upgrade the library of the backtrace; get a core dump if it comes again.',
  },
};

const CODES: Record<number, ExitMeaning> = {
  2: {
    means: 'wrong use of the command line',
    step: 'Correct or remove the argument that the line names, or roll back the change that added it.',
  },
  126: {
    means: 'the command cannot be executed',
    step: 'Look at the permissions and the kind of the file that is started.',
  },
  127: {
    means: 'the command was not found',
    step: 'Correct command and args of the container, or the image.',
  },
};

/** What an exit code of a container says by itself. */
export const meaningOfExit = (code: number | undefined) =>
  code === undefined ? undefined : (CODES[code] ?? SIGNALS[code - 128]);

const IN_TEXT =
  /[Ss]ignal \(?(\d{1,2})\)?|\bSIG(ILL|ABRT|BUS|FPE|SEGV)\b|([Ii]llegal instruction|[Bb]us error|[Ss]egmentation fault)/;
const NAMES: Record<string, number> = {
  ill: 4,
  abrt: 6,
  bus: 7,
  fpe: 8,
  segv: 11,
  'illegal instruction': 4,
  'bus error': 7,
  'segmentation fault': 11,
};

/** What the signal means that a line tells of. */
export function meaningOfSignal(text: string): ExitMeaning | undefined {
  const [, number, name, words] = IN_TEXT.exec(text) ?? [];
  return SIGNALS[
    number ? Number(number) : NAMES[(name ?? words ?? '').toLowerCase()]
  ];
}
