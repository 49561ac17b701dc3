import { textStart } from '../lines/textStart';
import type { LineHead } from '../lines/LineHeadScanner';
import type { StepLog } from './types';

const HASH = 0x23;
const GROUP = '##[group]Run ';
const END_GROUP = '##[endgroup]';
const SECTION = '##[section]Starting: ';
const SHELL = 'shell: ';
const JOB_NAME = 'Complete job name: ';
/** A group that names its inputs is longer than any that a person opens by hand. */
const MAX_GROUP_LINES = 500;
/** GitHub runs 1000 in a job; a composite action has more. */
const MAX_STEPS = 10_000;
/** `actions/checkout@v4`, `./.github/actions/set-up`, `docker://alpine:3`. */
const ACTION =
  /^(?:\.{1,2}\/\S*|docker:\/\/\S+|[\w.-]{1,100}\/[\w./-]{1,200}@\S+)$/;

/** The lines between the last steps, as the runner writes them. */
const LANDMARKS = new Map([
  ['Post job cleanup.', 'Post job cleanup'],
  ['Cleaning up orphan processes', 'Complete job'],
]);

/** A group that may be the start of a step. */
interface Candidate {
  line: number;
  title: string;
}

/**
 * Tells the steps of a job from its log, where the archive has no files of
 * steps. The runner opens a step with `##[group]Run …` and says in the group what
 * it runs: a `shell:`, or an action. A group of the same name that a script
 * prints has neither.
 *
 * Steps of composite actions are steps here, and a step that was skipped left no
 * line, so that numbers are those of the log, not those of GitHub's API.
 *
 * Source: actions/runner, `ActionRunner.cs` and `ScriptHandler.cs`.
 */
export class StepFinder {
  /** What the runner calls the job, before its first step. */
  jobName: string | undefined;
  readonly #starts: Array<{ line: number; name: string }> = [];
  #candidate: Candidate | undefined;

  /** @param head without time stamp. */
  write({ number, head }: LineHead, start = textStart(head)): void {
    if (this.#candidate) {
      this.#candidate = this.#readGroup(this.#candidate, number, head, start);
      return;
    }
    const first = head[start];
    if (first === HASH) {
      const text = textOf(head, start);
      if (text.startsWith(GROUP)) {
        const title = text.slice(GROUP.length);
        if (ACTION.test(title)) {
          this.#add(number, `Run ${title}`);
        } else {
          this.#candidate = { line: number, title };
        }
      } else if (text.startsWith(SECTION)) {
        this.#add(number, text.slice(SECTION.length));
      }
    } else if (first === 0x43 && this.#starts.length === 0) {
      const text = textOf(head, start);
      this.jobName ??= text.startsWith(JOB_NAME)
        ? text.slice(JOB_NAME.length).trim() || undefined
        : undefined;
    } else if (first === 0x50 || first === 0x43) {
      const name =
        head.length - start < 40
          ? LANDMARKS.get(textOf(head, start).trimEnd())
          : undefined;
      if (name !== undefined && this.#starts.length > 0) {
        this.#add(number, name);
      }
    }
  }

  /** @param lines how many the log has. */
  steps(lines: number, firstLine = 1): StepLog[] {
    if (this.#starts.length === 0) {
      return [];
    }
    const starts =
      this.#starts[0].line > firstLine
        ? [{ line: firstLine, name: 'Set up job' }, ...this.#starts]
        : this.#starts;
    return starts.map(({ line, name }, index) => ({
      number: index + 1,
      name,
      lines: [
        line,
        index + 1 < starts.length ? starts[index + 1].line - 1 : lines,
      ],
    }));
  }

  /** @returns the group that is still open, if it may be that of a step. */
  #readGroup(
    group: Candidate,
    number: number,
    head: Uint8Array,
    start: number,
  ): Candidate | undefined {
    const text = textOf(head, start);
    if (text.startsWith(SHELL)) {
      this.#add(group.line, `Run ${group.title}`);
      return undefined;
    }
    if (text.startsWith(GROUP)) {
      return { line: number, title: text.slice(GROUP.length) };
    }
    return text.startsWith(END_GROUP) || number - group.line > MAX_GROUP_LINES
      ? undefined
      : group;
  }

  #add(line: number, name: string): void {
    if (this.#starts.length < MAX_STEPS) {
      this.#starts.push({ line, name: name.trim() });
    }
  }
}

function textOf(head: Uint8Array, start: number): string {
  return Buffer.from(
    head.buffer,
    head.byteOffset + start,
    head.length - start,
  ).toString('utf8');
}
