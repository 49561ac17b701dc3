// SPDX-License-Identifier: Apache-2.0
import type { KserveClusterBuild } from '@greenroom/plugin-kserve-common';
import fs from 'node:fs/promises';
import { z } from 'zod';

const schema = z.object({
  cluster: z.string(),
  step: z.number(),
  of: z.number(),
  detail: z.string(),
  minutesLeft: z.number().optional(),
  problem: z.string().optional(),
});

const LOOK_MS = 2_000;

/**
 * How far the local cluster is that `npm start` builds: reads the file that the
 * local platform writes, and tells of a change.
 */
export class LocalBuild {
  readonly #file: string;
  readonly #onChange: () => void;
  #timer?: NodeJS.Timeout;
  #text?: string;
  #build?: KserveClusterBuild;

  constructor(options: { file: string; onChange: () => void }) {
    this.#file = options.file;
    this.#onChange = options.onChange;
  }

  /** Undefined where nothing is built. */
  get current(): KserveClusterBuild | undefined {
    return this.#build;
  }

  async start(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => this.#look().catch(() => {}), LOOK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const text = await fs.readFile(this.#file, 'utf8').catch(() => undefined);
    if (text === this.#text) {
      return;
    }
    const parsed = schema.safeParse(text && toJson(text));
    if (text && !parsed.success) {
      // It is being written.
      return;
    }
    this.#text = text;
    this.#build = parsed.data;
    this.#onChange();
  }
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
