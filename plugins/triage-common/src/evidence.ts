// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/**
 * Where something stands, so that a person can look it up.
 *
 * @public
 */
export const evidenceSchema = z.strictObject({
  /**
   * The log or report, as the archive names it: `build/5_Run tests.txt`. Of an alert:
   * `POD_CONTAINER.txt`, `POD_CONTAINER.previous.txt`, `objects`, `metrics`, `alert`.
   */
  source: z.string().min(1),
  /** The line of it, from 1, counted in the untouched file. */
  line: z.int().min(1),
  /** What stands there, without time stamp and colours, redacted. */
  quote: z.string(),
});

/** @public */
export type Evidence = z.infer<typeof evidenceSchema>;
