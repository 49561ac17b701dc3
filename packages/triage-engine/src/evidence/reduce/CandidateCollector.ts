// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../logs/types';
import type { LineCounts } from './LineCounts';
import type { LineKind } from './LineClassifier';
import { CommandHeads } from './CommandHeads';
import { RecentLines } from './RecentLines';
import type { Neighbourhood } from './Surroundings';
import type { Weights } from './weights';

/** What was found out about a line. */
export interface ScannedLine {
  line: LogLine;
  kind: LineKind;
  tokens: number;
  /** Of the line's template. */
  hash: number;
  /** How often the template came before in this log. */
  repeats: number;
  /** Whether the passing log has no such line; false without one. */
  novel: boolean;
  /** Whether it is of another step than the one that failed. */
  outside: boolean;
  around?: Neighbourhood;
}

/** Lines near each other, of which at least one may tell of the failure. */
interface Block {
  /** The most that one of its lines is worth. */
  strength: number;
  /** Tokens of the lines in it so far, and of the names of tests; repetitions count less. */
  depth: number;
  tests: number;
  /** Lines in it that tell of a failure. */
  anchors: number;
}

interface Candidate {
  scanned: ScannedLine;
  block: Block;
  anchor: boolean;
  value: number;
}

/** How many lines before an end are worth a look. */
const TAIL = 40;

/** Between two parts, with nothing to say. */
const RULE = /^(?:\[\w{1,10}\])?[\s=*_-]*$/;

/** Tokens that are held before the worst half is let go, in budgets. */
const HELD_BUDGETS = 16;

/** The same in lines, unless the budget has more; each may hold 16 KiB of the log. */
const HELD_LINES = 4096;

/**
 * Values lines as they come and holds the best: a line is worth what its kind
 * is, more if it is new, less the deeper it stands in its block and the more
 * often its like came before. Memory is bounded by the budget, not by the log.
 */
export class CandidateCollector {
  #candidates: Candidate[] = [];
  #heldTokens = 0;
  #block: Block | undefined;
  /** Whether a line that is new told of a failure. */
  foundFailure = false;
  /** The first and the last block that tell of an error. */
  #first: Block | undefined;
  #last: Block | undefined;
  readonly #recent = new RecentLines(TAIL);
  readonly #heads = new CommandHeads(scanned => this.#recent.push(scanned));
  #quiet = 0;
  /** The price of what was let go: what cannot be worth more is not taken. */
  #floor = 0;
  readonly #mostBonus: number;
  readonly #options: {
    weights: Weights;
    compared: boolean;
    budgetTokens: number;
    counts: LineCounts;
  };

  constructor(options: {
    weights: Weights;
    compared: boolean;
    budgetTokens: number;
    counts: LineCounts;
  }) {
    this.#options = options;
    this.#mostBonus = Math.max(1, options.weights.edge);
  }

  add(scanned: ScannedLine): void {
    const { weights } = this.#options;
    const { kind } = scanned;
    const anchor = this.#isAnchor(scanned);
    if (this.#heads.holdScript(scanned)) {
      this.#quiet += 1;
      return;
    }
    if (anchor || this.#isNews(scanned)) {
      if (!this.#block || this.#quiet > weights.gap) {
        this.#openBlock(kind);
      }
      this.#quiet = anchor || kind !== 'frame' ? 0 : this.#quiet;
      this.#take(scanned, anchor, 1);
      if (anchor && kind !== 'weak') {
        this.#takeHeads();
      }
      return;
    }
    this.#quiet += kind === 'frame' || kind === 'blank' ? 0.3 : 1;
    if (this.#block && this.#quiet <= weights.gap) {
      this.#take(scanned, false, weights.afterDecay ** this.#quiet);
      return;
    }
    if (!this.#heads.holdCommand(scanned)) {
      this.#recent.push(scanned);
    }
  }

  #takeHeads(): void {
    const { beforeDecay } = this.#options.weights;
    this.#heads
      .take()
      .forEach((scanned, i) =>
        this.#take(scanned, false, beforeDecay ** i, true),
      );
  }

  /** The lines that are worth most and fit, in the order of the log. */
  finish(): ScannedLine[] {
    if (this.#recent.last?.kind !== 'cleanup') {
      this.#openBlock('end');
      this.#takeHeads();
    }
    let left = this.#options.budgetTokens;
    return this.#ranked()
      .filter(({ scanned }) => {
        if (scanned.tokens > left) {
          return false;
        }
        left -= scanned.tokens;
        return true;
      })
      .map(({ scanned }) => scanned)
      .sort((a, b) => a.line.number - b.line.number);
  }

  #isAnchor({ kind, novel }: ScannedLine): boolean {
    return (
      kind === 'test' ||
      kind === 'error' ||
      kind === 'end' ||
      (kind === 'weak' && (novel || !this.#options.compared))
    );
  }

  #isNews({ kind, novel }: ScannedLine): boolean {
    return (
      novel &&
      kind !== 'blank' &&
      kind !== 'warning' &&
      kind !== 'script' &&
      kind !== 'cleanup'
    );
  }

  #openBlock(kind: LineKind): void {
    const { weights } = this.#options;
    this.#block = { strength: 0, depth: 0, tests: 0, anchors: 0 };
    this.#quiet = 0;
    const isEnd = kind === 'end';
    // An end is under all that came before it, not only under the last block.
    const before = isEnd
      ? this.#recent.takeAll()
      : this.#recent.takeFresh(weights.before);
    const decay = isEnd ? weights.tailDecay : weights.beforeDecay;
    // What the first error is under: mostly a heading, which a log that passed has too.
    const isFirst =
      this.#first === undefined && (kind === 'error' || kind === 'test');
    const lead = isFirst
      ? before.findLastIndex(({ line }) => !RULE.test(line.text))
      : -1;
    before.forEach((scanned, i) => {
      const near = decay ** (before.length - i);
      this.#take(
        scanned,
        false,
        isEnd ? weights.tail * near : near,
        i === lead,
      );
    });
  }

  /** @param head says what failed: worth as much where a log that passed has it too */
  #take(
    scanned: ScannedLine,
    anchor: boolean,
    near: number,
    head = false,
  ): void {
    const block = this.#block;
    const { weights, compared, budgetTokens } = this.#options;
    const { kind, novel, tokens, repeats, outside } = scanned;
    if (!block || kind === 'cleanup' || tokens > budgetTokens) {
      return;
    }
    let value = weights.kind[head ? 'plain' : kind] * near;
    if (anchor) {
      value *= compared && !novel ? weights.stale : 1;
    } else if (novel) {
      value *= weights.novelContext;
    } else {
      value *= compared && !head ? weights.stale : weights.context;
    }
    value *= outside ? weights.outside : 1;
    if (anchor) {
      block.strength = Math.max(block.strength, value);
      if (novel || !compared) {
        this.foundFailure = true;
        this.#first ??= kind === 'weak' ? undefined : block;
        this.#last = kind === 'weak' ? this.#last : block;
      }
    }
    if (anchor) {
      value *= tokens ** (weights.headDiscount / (1 + block.anchors));
      block.anchors += 1;
    }
    const fresh = 1 / (1 + weights.repeat * repeats);
    const part = kind === 'test' ? 'tests' : 'depth';
    value *= fresh / (1 + block[part] / weights.depth);
    block[part] += tokens * fresh;
    if (value * this.#mostBonus >= this.#floor * tokens) {
      this.#candidates.push({ scanned, block, anchor, value });
      this.#heldTokens += tokens;
      this.#letGo();
    }
  }

  #letGo(): void {
    const { budgetTokens } = this.#options;
    const mostTokens = HELD_BUDGETS * budgetTokens;
    const mostLines = Math.max(HELD_LINES, 2 * budgetTokens);
    if (
      this.#heldTokens <= mostTokens &&
      this.#candidates.length <= mostLines
    ) {
      return;
    }
    const ranked = this.#ranked();
    let kept = 0;
    let tokens = 0;
    while (kept < mostLines / 2 && tokens <= mostTokens / 2) {
      tokens += ranked[kept].scanned.tokens;
      kept += 1;
    }
    this.#floor = this.#price(ranked[kept]);
    this.#candidates = ranked.slice(0, kept);
    this.#heldTokens = tokens;
  }

  #ranked(): Candidate[] {
    return this.#candidates
      .map(candidate => ({ candidate, price: this.#price(candidate) }))
      .sort(
        (a, b) =>
          b.price - a.price ||
          a.candidate.scanned.line.number - b.candidate.scanned.line.number,
      )
      .map(({ candidate }) => candidate);
  }

  /** Worth of each of a line's tokens, by what is known now. */
  #price({ scanned, block, anchor, value }: Candidate): number {
    const { weights, counts } = this.#options;
    let worth = value;
    if (!anchor) {
      // Squared: what is around a weak sign is worth little.
      const strength = Math.min(1, block.strength / weights.kind.error);
      worth *= strength > 0 ? strength ** 2 : weights.lone;
    }
    if (block === this.#first || block === this.#last) {
      worth *= weights.edge;
    }
    worth /=
      1 + weights.rarity * Math.log2(Math.max(1, counts.of(scanned.hash)));
    return worth / scanned.tokens;
  }
}
