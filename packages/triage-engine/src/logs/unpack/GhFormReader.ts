import type { LogInput } from '../types';
import { isTimestamp, textStart } from '../lines/textStart';
import type { LineHead } from '../lines/LineHeadScanner';
import { StepFinder } from './StepFinder';
import { toUtf8 } from '../lines/toUtf8';
import type { JobLog, StepLog } from './types';

const TAB = 9;
const LINE_FEED = 10;
/** What `gh` writes where the archive had the log of the job only. */
const NO_STEP = 'UNKNOWN STEP';
/** Lines without columns at the start of a file that still is one of `gh`'s. */
const MAX_LEAD = 5;

/** What comes after so many changes of the step belongs to the last; 256 jobs of 50 steps have fewer. */
const MAX_SEGMENTS = 20_000;

/** Lines of one step that follow each other. */
interface Segment {
  job: string;
  step: string;
  lines: [number, number];
  /** Bytes, from and before. */
  bytes: [number, number];
}

/**
 * Reads the form of `gh run view --log`: `job<TAB>step<TAB>time stamp line`. A
 * line without the columns continues the one before it.
 *
 * Source: cli/cli, `pkg/cmd/run/view`.
 */
export class GhFormReader {
  readonly #segments: Segment[] = [];
  readonly #finders = new Map<string, StepFinder>();
  #prefix = new Uint8Array(0);
  #isGhForm: boolean | undefined;
  #leadingLines = 0;

  /** @returns false once it is clear that this is another form. */
  write(line: LineHead): boolean {
    if (this.#isGhForm === false) {
      return false;
    }
    const { head, number, offset } = line;
    const current = this.#segments.at(-1);
    const continues =
      current !== undefined &&
      startsWith(head, this.#prefix) &&
      head.length > this.#prefix.length;
    const columns = continues ? this.#prefix.length : endOfColumns(head);
    if (columns === undefined && current === undefined) {
      this.#leadingLines += 1;
      if (this.#leadingLines > MAX_LEAD) {
        this.#isGhForm = false;
      }
      return false;
    }
    this.#isGhForm = true;
    if (
      !continues &&
      columns !== undefined &&
      this.#segments.length < MAX_SEGMENTS
    ) {
      this.#prefix = Uint8Array.from(head.subarray(0, columns));
      const [job, step] = Buffer.from(this.#prefix)
        .toString('utf8')
        .replace(/^\ufeff/, '')
        .split('\t');
      if (current) {
        current.bytes[1] = offset;
      }
      this.#segments.push({
        job,
        step,
        lines: [number, number],
        bytes: [offset, Infinity],
      });
    }
    const segment = this.#segments[this.#segments.length - 1];
    segment.lines[1] = number;
    let finder = this.#finders.get(segment.job);
    if (!finder) {
      finder = new StepFinder();
      this.#finders.set(segment.job, finder);
    }
    finder.write(line, columns === undefined ? 0 : textStart(head, columns));
    return true;
  }

  /** Undefined where the file has another form. */
  jobs(log: LogInput, lines: number): JobLog[] | undefined {
    const segmentsOf = new Map<string, Segment[]>();
    for (const segment of this.#segments) {
      const own = segmentsOf.get(segment.job);
      if (own) {
        own.push(segment);
      } else {
        segmentsOf.set(segment.job, [segment]);
      }
    }
    return segmentsOf.size === 0
      ? undefined
      : [...segmentsOf].map(([name, own]) => {
          const last =
            segmentsOf.size === 1 ? lines : own[own.length - 1].lines[1];
          return {
            name,
            log: segmentsOf.size === 1 ? log : partOf(log, own),
            steps: own.some(({ step }) => step !== NO_STEP)
              ? toSteps(own)
              : (this.#finders.get(name)?.steps(last, own[0].lines[0]) ?? []),
          };
        });
  }
}

function toSteps(segments: Segment[]): StepLog[] {
  const steps: Array<{ name: string; lines: [number, number] }> = [];
  for (const { step: name, lines } of segments) {
    const current = steps.at(-1);
    if (current?.name === name) {
      current.lines[1] = lines[1];
    } else {
      steps.push({ name, lines: [...lines] });
    }
  }
  return steps.map((step, index) => ({ number: index + 1, ...step }));
}

/** The lines of some segments; an empty line for each before, so that numbers stay those of the file. */
function partOf(log: LogInput, segments: Segment[]): LogInput {
  return {
    source: log.source,
    async *open() {
      let at = 0;
      let index = 0;
      let line = 1;
      for await (const piece of toUtf8(log.open())) {
        while (index < segments.length) {
          const { lines, bytes } = segments[index];
          const from = Math.max(bytes[0] - at, 0);
          if (from >= piece.length) {
            break;
          }
          if (line < lines[0]) {
            yield Buffer.alloc(lines[0] - line, LINE_FEED);
          }
          line = lines[1] + 1;
          yield piece.subarray(from, Math.min(bytes[1] - at, piece.length));
          if (bytes[1] - at > piece.length) {
            break;
          }
          index += 1;
        }
        at += piece.length;
        if (index >= segments.length) {
          return;
        }
      }
    },
  };
}

/** Behind the second tab, if a time stamp follows it. */
function endOfColumns(head: Uint8Array): number | undefined {
  const first = head.indexOf(TAB);
  const second = first > 0 ? head.indexOf(TAB, first + 1) : -1;
  if (second < 0) {
    return undefined;
  }
  const bom = head[second + 1] === 0xef ? 3 : 0;
  return isTimestamp(head, second + 1 + bom) ? second + 1 : undefined;
}

function startsWith(head: Uint8Array, prefix: Uint8Array): boolean {
  if (head.length < prefix.length) {
    return false;
  }
  for (let index = prefix.length - 1; index >= 0; index--) {
    if (head[index] !== prefix[index]) {
      return false;
    }
  }
  return true;
}
