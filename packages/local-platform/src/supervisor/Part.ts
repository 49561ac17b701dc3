// SPDX-License-Identifier: Apache-2.0
import { Problem } from '../../bootstrap/Problem.mjs';
import { forgetPart, recordPart } from '../../bootstrap/partRecords.mjs';
import { explainStorage } from './findStorageProblem';
import { ManagedProcess, ProcessExit, ProcessSpec } from './ManagedProcess';
import { startProblem, waitUntilReady } from './waitUntilReady';

/** What a part is, and how one knows that it works. */
export interface PartOptions {
  /** Names its pid record, for example `mlflow`. */
  id: string;
  spec: () => ProcessSpec;
  /** Answers true when the part truly works; throwing counts as "not yet". */
  check: (signal: AbortSignal) => Promise<boolean>;
  timeoutMs: number;
  /** A line of the log that says: this will never be ready. */
  fatal?: RegExp;
  stateDir: string;
  /** A line for the person at the terminal. */
  tell: (message: string) => void;
  /** Waits between a part's end and its next start, in ms; their number is the number of tries. */
  backoffMs?: number[];
  /** After so long without trouble, old trouble is forgotten. */
  healthyAfterMs?: number;
}

const BACKOFF_MS = [1_000, 5_000, 15_000];
const HEALTHY_AFTER_MS = 5 * 60_000;

/** One server of the platform: started, watched, started again when it ends by itself. */
export class Part {
  /** Settles with the reason when the part has ended for good without being asked to. */
  readonly failed: Promise<Problem>;
  readonly #options: PartOptions;
  readonly #abort = new AbortController();
  #process: ManagedProcess | undefined;
  #startedAt = 0;
  #restarts = 0;
  #fail: (problem: Problem) => void = () => {};

  constructor(options: PartOptions) {
    this.#options = options;
    this.failed = new Promise(resolve => {
      this.#fail = resolve;
    });
  }

  /** Starts the part and waits until it works; fails with a Problem that quotes its log. */
  async start(): Promise<void> {
    await this.#launch();
    this.#watch();
  }

  /** Ends the part and all that it has started. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#process?.stop();
    forgetPart(this.#options.stateDir, this.#options.id);
  }

  async #launch(): Promise<void> {
    const { id, spec, check, timeoutMs, fatal, stateDir } = this.#options;
    this.#abort.signal.throwIfAborted();
    const process = ManagedProcess.start(spec());
    this.#process = process;
    recordPart(stateDir, id, process.family);
    try {
      await waitUntilReady({
        process,
        check,
        timeoutMs,
        fatal,
        signal: this.#abort.signal,
      });
    } catch (error) {
      await process.stop();
      throw (error instanceof Problem && this.#explain(process)) || error;
    }
    this.#startedAt = Date.now();
    recordPart(stateDir, id, process.family);
  }

  /** A database or a disk that cannot be used says so itself, if one knows where to look. */
  #explain(process: ManagedProcess): Problem | undefined {
    return explainStorage({
      stateDir: this.#options.stateDir,
      part: this.#options.id,
      lines: process.tail(120),
      log: process.spec.logFile,
    });
  }

  #watch(): void {
    const process = this.#process;
    process?.exited.then(exit => this.#restart(process, exit));
  }

  async #restart(process: ManagedProcess, exit: ProcessExit): Promise<void> {
    const { tell, backoffMs = BACKOFF_MS } = this.#options;
    const { healthyAfterMs = HEALTHY_AFTER_MS } = this.#options;
    if (this.#abort.signal.aborted) {
      return;
    }
    // Its workers may have outlived it and still hold the port.
    await process.stop();
    if (Date.now() - this.#startedAt > healthyAfterMs) {
      this.#restarts = 0;
    }
    const name = process.spec.name;
    const how = exit.signal
      ? `by ${exit.signal}`
      : `with exit code ${exit.code}`;
    let problem =
      this.#explain(process) ?? startProblem(process, `${name} ended ${how}.`);
    while (this.#restarts < backoffMs.length) {
      const wait = backoffMs[this.#restarts];
      this.#restarts += 1;
      tell(
        `${name} ended ${how}; starting it again (${this.#restarts} of ${backoffMs.length}). Log: ${process.spec.logFile}`,
      );
      await abortableSleep(wait, this.#abort.signal);
      if (this.#abort.signal.aborted) {
        return;
      }
      try {
        await this.#launch();
        tell(`${name} answers again.`);
        this.#watch();
        return;
      } catch (error) {
        if (this.#abort.signal.aborted) {
          return;
        }
        if (error instanceof Problem) {
          problem = error;
        }
      }
    }
    this.#fail(problem);
  }
}

function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
