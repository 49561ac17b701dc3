// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import { RetryLaterError } from '@greenroom/plugin-triage-node';
import type { JobStore, LeasedJob } from '../database/JobStore';

/** Bounds of the queue. */
export interface QueueLimits {
  /** Jobs at once in this process. */
  workers: number;
  /** How long a worker has a job without a sign of life, ms. */
  leaseMs: number;
  /** How often the table is looked at when nothing is to be done, ms. */
  pollMs: number;
  /** After so many attempts a job is a dead letter. */
  maxAttempts: number;
  /** Wait after the first failed attempt, ms; doubled after each. */
  backoffMs: number;
}

/** Does a kind of job. Everything in it may happen twice, nothing may be skipped. */
export interface JobHandler {
  run(job: LeasedJob, options: JobOptions): Promise<void>;
  /** What is said of it, when it is given up. */
  onDead(job: LeasedJob, error: string): Promise<void>;
}

/** What a running job has. */
export interface JobOptions {
  /** Aborted when the lease is lost or the process ends. */
  signal: AbortSignal;
  /** @throws Error where another worker has the job: before each effect outside */
  assertLease(): Promise<void>;
}

/** For people and the log, without what a secret could hide in. */
export type DescribeError = (error: unknown) => string;

const MAX_BACKOFF_MS = 15 * 60_000;

/** Works the queue off, in as many processes as there are replicas. */
export class Worker {
  readonly #options: {
    jobs: JobStore;
    handlers: Record<LeasedJob['kind'], JobHandler>;
    limits: QueueLimits;
    logger: LoggerService;
    describeError: DescribeError;
  };
  readonly #stop = new AbortController();
  readonly #loops: Array<Promise<void>> = [];
  #wake = new AbortController();

  constructor(options: {
    jobs: JobStore;
    handlers: Record<LeasedJob['kind'], JobHandler>;
    limits: QueueLimits;
    logger: LoggerService;
    describeError: DescribeError;
  }) {
    this.#options = options;
  }

  start(): void {
    for (let each = 0; each < this.#options.limits.workers; each++) {
      this.#loops.push(this.#loop());
    }
  }

  /** Something new is to be done: nobody has to wait for the next look. */
  wake(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.wake();
    await Promise.all(this.#loops);
  }

  async #loop(): Promise<void> {
    const { jobs, limits, logger } = this.#options;
    while (!this.#stop.signal.aborted) {
      const { signal } = this.#wake;
      try {
        const job = await jobs.claim(limits.leaseMs);
        if (job) {
          await this.#run(job);
          continue;
        }
      } catch (error) {
        logger.warn(`The queue could not be read: ${error}`);
      }
      await sleep(limits.pollMs, signal);
    }
  }

  async #run(job: LeasedJob): Promise<void> {
    const { jobs, handlers, limits, logger } = this.#options;
    const lost = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, lost.signal]);
    const renew = async () => {
      if (!(await jobs.renew(job, limits.leaseMs))) {
        lost.abort(new Error('Another worker has the job'));
      }
    };
    const timer = setInterval(() => {
      renew().catch(error => logger.warn(`A lease was not renewed: ${error}`));
    }, limits.leaseMs / 3);
    const assertLease = async () => {
      await renew();
      signal.throwIfAborted();
    };
    const handler = handlers[job.kind];
    try {
      if (job.attempts > limits.maxAttempts) {
        // Whoever had it was killed each time.
        await this.#bury(job, 'It was begun too often and never ended');
        return;
      }
      await handler.run(job, { signal, assertLease });
      await jobs.finish(job);
    } catch (error) {
      await this.#fail(job, error);
    } finally {
      clearInterval(timer);
    }
  }

  async #fail(job: LeasedJob, error: unknown): Promise<void> {
    const { jobs, limits, logger, describeError } = this.#options;
    if (this.#stop.signal.aborted) {
      await jobs.retry(job, { at: Date.now(), counts: false });
      return;
    }
    const text = describeError(error);
    const asked = error instanceof RetryLaterError ? error.retryAt : undefined;
    if (job.attempts >= limits.maxAttempts && asked === undefined) {
      await this.#bury(job, text);
      return;
    }
    const backoff = Math.min(
      limits.backoffMs * 2 ** (job.attempts - 1),
      MAX_BACKOFF_MS,
    );
    const at = asked ?? Date.now() + backoff * (0.75 + Math.random() / 2);
    logger.warn(
      `${job.kind} of ${job.repository} failed and is tried again at ${new Date(at).toISOString()}: ${text}`,
    );
    await jobs.retry(job, {
      at: Math.round(at),
      error: text,
      counts: asked === undefined,
    });
  }

  async #bury(job: LeasedJob, error: string): Promise<void> {
    const { jobs, handlers, logger } = this.#options;
    logger.error(`${job.kind} of ${job.repository} is given up: ${error}`);
    await handlers[job.kind].onDead(job, error);
    await jobs.bury(job, error);
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
