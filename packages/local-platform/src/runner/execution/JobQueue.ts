/** A job that waits for a free place. */
interface Waiting {
  start(): Promise<void>;
}

/** Runs at most so many jobs at a time, first come, first served. */
export class JobQueue {
  private readonly waiting: Waiting[] = [];
  private running = 0;

  constructor(private readonly maxJobs: number) {}

  /** Puts a job into the queue; the function takes it out again if it has not started. */
  add(start: () => Promise<void>): () => boolean {
    const entry = { start };
    this.waiting.push(entry);
    queueMicrotask(() => this.next());
    return () => {
      const index = this.waiting.indexOf(entry);
      if (index >= 0) {
        this.waiting.splice(index, 1);
      }
      return index >= 0;
    };
  }

  private next(): void {
    while (this.running < this.maxJobs) {
      const entry = this.waiting.shift();
      if (!entry) {
        return;
      }
      this.running += 1;
      entry
        .start()
        .catch(() => undefined)
        .finally(() => {
          this.running -= 1;
          this.next();
        });
    }
  }
}
