// SPDX-License-Identifier: Apache-2.0
import { Steps } from '../../bootstrap/Steps.mjs';

/** How far a task is; times are ms since 1970. */
export interface TaskProgress {
  /** For programs, for example `demo-model`. */
  id: string;
  title: string;
  state: 'running' | 'done' | 'failed';
  /** What it is doing now, what came of it, or why it failed. */
  detail: string;
  startedAt: number;
  endedAt?: number;
  /** Which of how many steps this is. */
  step?: number;
  of?: number;
  minutesLeft?: number;
}

/** What a task says while it works. */
export type TaskReport = Pick<
  TaskProgress,
  'detail' | 'step' | 'of' | 'minutesLeft'
>;

/** What a task works with. */
export interface TaskContext {
  report(progress: TaskReport): void;
  signal: AbortSignal;
}

/**
 * What goes on after the portal answers: each task has its line in the list of
 * the start and its place on Home. One that fails is said, and the rest goes on.
 */
export class BackgroundTasks {
  readonly #tasks: TaskProgress[] = [];
  readonly #ends: Promise<void>[] = [];
  readonly #abort = new AbortController();
  readonly #options: {
    steps: Steps;
    /** Where to read more, for messages. */
    logsDir: string;
  };

  constructor(options: { steps: Steps; logsDir: string }) {
    this.#options = options;
  }

  /** All that was begun, in that order. */
  get progress(): readonly TaskProgress[] {
    return this.#tasks;
  }

  /**
   * Begins a task.
   *
   * @returns what it comes to; undefined when it failed or was stopped
   */
  run<T>(
    task: { id: string; title: string },
    work: (context: TaskContext) => Promise<T>,
  ): Promise<T | undefined> {
    const progress: TaskProgress = {
      ...task,
      state: 'running',
      detail: '',
      startedAt: Date.now(),
    };
    this.#tasks.push(progress);
    const end = this.#work(progress, work);
    this.#ends.push(end.then(() => {}));
    return end;
  }

  /** Waits for all, also for those that begin meanwhile. @returns the titles of what failed */
  async finish(): Promise<string[]> {
    for (let ended = 0; ended < this.#ends.length; ended++) {
      await this.#ends[ended];
    }
    return this.#tasks
      .filter(({ state }) => state === 'failed')
      .map(({ title }) => title);
  }

  /** Makes all give up, and waits for that. */
  async stop(): Promise<void> {
    this.#abort.abort(new Error('stopped'));
    await this.finish();
  }

  async #work<T>(
    progress: TaskProgress,
    work: (context: TaskContext) => Promise<T>,
  ): Promise<T | undefined> {
    const { steps, logsDir } = this.#options;
    const { signal } = this.#abort;
    try {
      const result = await steps.run(progress.title, step =>
        work({
          signal,
          report: said => {
            Object.assign(
              progress,
              { step: undefined, of: undefined, minutesLeft: undefined },
              said,
            );
            step.detail(toWords(said));
          },
        }),
      );
      progress.state = 'done';
      return result;
    } catch (error) {
      progress.state = 'failed';
      progress.detail = error instanceof Error ? error.message : String(error);
      if (!signal.aborted) {
        steps.note(
          `! ${progress.title}: ${progress.detail}\n` +
            `  Greenroom works without it; the next start tries again. Logs: ${logsDir}`,
        );
      }
      return undefined;
    } finally {
      progress.endedAt = Date.now();
    }
  }
}

function toWords({ detail, step, of, minutesLeft }: TaskReport): string {
  return [
    step && of ? `${step} of ${of}:` : '',
    detail,
    minutesLeft ? `(about ${minutesLeft} min left)` : '',
  ]
    .filter(Boolean)
    .join(' ');
}
