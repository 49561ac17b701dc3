// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/**
 * What arrives on an answer's `channel`: that it is another one now. It names
 * nothing, since a signal reaches everybody; ask again.
 *
 * @public
 */
export const triageSignalSchema = z.object({ changed: z.literal(true) });

/** @public */
export type TriageSignal = z.infer<typeof triageSignalSchema>;
