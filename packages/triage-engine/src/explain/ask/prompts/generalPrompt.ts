// SPDX-License-Identifier: Apache-2.0
import type { Prompt } from './types';

/** Every other failure. */
export const generalPrompt: Prompt = {
  id: 'general',
  version: 2,
  types: [
    'build',
    'out-of-memory',
    'credentials',
    'configuration',
    'infrastructure',
    'timeout',
    'cancelled',
    'unknown',
  ],
  task: `A pipeline failed. Explain to the engineer who looks at it first:
- which command failed, and which error made it fail: usually the first error, not the last line;
- whether the cause is in the code, in its dependencies, in the configuration of the pipeline or of a tool, in a credential or permission that is missing or refused, in a resource that ran out (memory, disk, time), or in a service outside of the repository;
- whether the lines show that a second run may pass, such as a lost runner, a name that did not resolve, or an answer 5xx; a full disk, a quota, a refused permission or a wrong setting fails in the same way each time.
"Process completed with exit code 1" tells that a command failed, not why.`,
};
