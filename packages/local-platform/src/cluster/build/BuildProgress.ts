// SPDX-License-Identifier: Apache-2.0

/** How far a build is, for a person. */
export interface BuildReport {
  /** The step that goes on, from 1. */
  step: number;
  of: number;
  /** What it is, for example `Kubernetes and KServe, 812 of 3044 packages`. */
  detail: string;
  /** Computed from the work that is left and the speed so far; at least 1. */
  minutesLeft: number;
}

/** One step, and what it takes in seconds of one core as it was measured (2026-11, Go 1.26, 2 cores). */
export interface BuildStep {
  title: string;
  work: number;
}

/** With fewer seconds of experience the number of cores is the better guess of the speed. */
const EXPERIENCE_S = 20;
/** A link step is not shared among cores, and a download is none of their work. */
const MOST_USEFUL_CORES = 6;

/** Computes what is left of a build from the work of its steps and the speed at which this machine does them. */
export class BuildProgress {
  readonly #steps: BuildStep[];
  readonly #report: (report: BuildReport) => void;
  readonly #cores: number;
  readonly #now: () => number;
  #index = 0;
  #fraction = 0;
  /** Work that was seen being done, and the seconds that it took. */
  #seen = { work: 0, seconds: 0 };
  #mark: number;

  constructor(options: {
    steps: BuildStep[];
    cores: number;
    report: (report: BuildReport) => void;
    /** Milliseconds of a clock. */
    now?: () => number;
  }) {
    this.#steps = options.steps;
    this.#cores = Math.min(options.cores, MOST_USEFUL_CORES);
    this.#report = options.report;
    this.#now = options.now ?? Date.now;
    this.#mark = this.#now();
  }

  /** The steps before it are done. */
  begin(index: number): void {
    this.#index = index;
    this.#fraction = 0;
    this.#mark = this.#now();
    this.#tell(this.#steps[index].title);
  }

  /** How much of this step an earlier, interrupted build has done already: it says nothing of the speed. */
  found(fraction: number): void {
    this.#fraction = fraction;
    this.#mark = this.#now();
  }

  /** How much of this step is done, from 0 to 1. */
  advance(fraction: number, detail: string): void {
    const now = this.#now();
    this.#seen.work +=
      (fraction - this.#fraction) * this.#steps[this.#index].work;
    this.#seen.seconds += (now - this.#mark) / 1000;
    this.#mark = now;
    this.#fraction = fraction;
    this.#tell(`${this.#steps[this.#index].title}, ${detail}`);
  }

  #tell(detail: string): void {
    const work = (steps: BuildStep[]) =>
      steps.reduce((sum, step) => sum + step.work, 0);
    const done =
      work(this.#steps.slice(0, this.#index)) +
      this.#fraction * this.#steps[this.#index].work;
    const { work: gained, seconds } = this.#seen;
    const speed =
      seconds > EXPERIENCE_S && gained > 0 ? gained / seconds : this.#cores;
    const secondsLeft = (work(this.#steps) - done) / speed;
    this.#report({
      step: this.#index + 1,
      of: this.#steps.length,
      detail,
      minutesLeft: Math.max(1, Math.ceil(secondsLeft / 60)),
    });
  }
}
