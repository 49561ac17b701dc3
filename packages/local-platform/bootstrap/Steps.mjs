// SPDX-License-Identifier: Apache-2.0
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const TITLE_WIDTH = 26;
const DETAIL_WIDTH = 34;

/** @param {number} ms */
function seconds(ms) {
  const value = ms / 1000;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} s`;
}

/**
 * @typedef {object} Step
 * @property {(text: string) => void} detail What it is doing now, or at its end what came of it.
 */

/**
 * @typedef {object} Entry
 * @property {string} title
 * @property {string} detail
 * @property {number} started
 * @property {{ detail: string, at: number }} [printed] What was last said of it, where nothing is redrawn.
 */

/**
 * The list of what is being done: one line for each step that is done, and below it what goes on
 * now. On a terminal the lower part is redrawn; elsewhere a line is printed when it says something new, and each half minute.
 */
export class Steps {
  /** @type {Map<string, Entry>} */
  #active = new Map();
  #drawn = 0;
  #frame = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #stream;
  #quietAfterMs;

  /**
   * @param {{ stream?: NodeJS.WriteStream, quietAfterMs?: number }} [options] `quietAfterMs`: steps that
   *   were done already and took less are not listed.
   */
  constructor({ stream = process.stdout, quietAfterMs = -1 } = {}) {
    this.#stream = stream;
    this.#quietAfterMs = quietAfterMs;
  }

  /**
   * Does a step and lists it with its time.
   *
   * @template T
   * @param {string} title
   * @param {(step: Step) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async run(title, work) {
    /** @type {Entry} */
    const entry = { title, detail: '', started: Date.now() };
    this.#active.set(title, entry);
    this.#start();
    try {
      const result = await work({
        detail: text => {
          entry.detail = text;
        },
      });
      this.#finish(entry, '✓');
      return result;
    } catch (error) {
      this.#finish(entry, '✗');
      throw error;
    }
  }

  /** A line of its own between the steps. @param {string} text */
  note(text) {
    this.#clear();
    this.#stream.write(`${text}\n`);
    this.#draw();
  }

  /** Ends the redrawing; what is still going on is no longer shown. */
  stop() {
    this.#clear();
    this.#active.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** @param {Entry} entry @param {string} mark */
  #finish(entry, mark) {
    if (!this.#active.delete(entry.title)) {
      return;
    }
    this.#clear();
    const took = Date.now() - entry.started;
    if (mark === '✗' || took > this.#quietAfterMs) {
      this.#stream.write(
        `${this.#line(mark, entry, mark === '✗' ? '' : entry.detail)}\n`,
      );
    }
    if (this.#active.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#draw();
  }

  #start() {
    if (this.#timer) {
      return;
    }
    const tick = this.#stream.isTTY
      ? () => this.#redraw()
      : () => this.#printProgress();
    this.#timer = setInterval(tick, this.#stream.isTTY ? 120 : 5000);
  }

  #redraw() {
    this.#frame += 1;
    this.#clear();
    this.#draw();
  }

  #printProgress() {
    for (const entry of this.#active.values()) {
      const { detail, printed } = entry;
      if (printed?.detail !== detail || Date.now() - printed.at > 30_000) {
        entry.printed = { detail, at: Date.now() };
        this.#stream.write(`${this.#line('…', entry, detail)}\n`);
      }
    }
  }

  #draw() {
    if (!this.#stream.isTTY) {
      return;
    }
    const width = this.#stream.columns ?? 80;
    for (const entry of this.#active.values()) {
      const line = this.#line(
        FRAMES[this.#frame % FRAMES.length],
        entry,
        entry.detail,
      );
      this.#stream.write(`${line.slice(0, width - 1)}\n`);
      this.#drawn += 1;
    }
  }

  #clear() {
    if (this.#drawn > 0) {
      this.#stream.write(`\u001b[${this.#drawn}A\u001b[J`);
      this.#drawn = 0;
    }
  }

  /**
   * @param {string} mark
   * @param {Entry} entry
   * @param {string} detail
   */
  #line(mark, entry, detail) {
    const short =
      detail.length > DETAIL_WIDTH
        ? `${detail.slice(0, DETAIL_WIDTH - 1)}…`
        : detail;
    const time = seconds(Date.now() - entry.started);
    return `${mark} ${entry.title.padEnd(TITLE_WIDTH)} ${short.padEnd(DETAIL_WIDTH)} ${time.padStart(7)}`;
  }
}
