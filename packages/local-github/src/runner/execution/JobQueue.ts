/** A job that waits for a free place. */
interface Waiting {
  start(): Promise<void>;
}

/** Runs at most so many jobs at a time, first come, first served. */
export class JobQueue {
  private readonly waiting: Waiting[] = [];
  private readonly active = new Set<Promise<void>>();
  private closed = false;

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

  /** Takes everything out that waits, and resolves when nothing runs any more. */
  async drain(): Promise<void> {
    this.closed = true;
    this.waiting.length = 0;
    while (this.active.size > 0) {
      await Promise.all(this.active);
    }
  }

  private next(): void {
    while (!this.closed && this.active.size < this.maxJobs) {
      const entry = this.waiting.shift();
      if (!entry) {
        return;
      }
      const job: Promise<void> = entry
        .start()
        .catch(() => undefined)
        .finally(() => {
          this.active.delete(job);
          this.next();
        });
      this.active.add(job);
    }
  }
}
