// SPDX-License-Identifier: Apache-2.0
import { bundle } from './bundle.mjs';

/**
 * One file with the triage engine and its command line.
 *
 * @returns {Promise<string>} Its path.
 */
export function bundleTriage() {
  return bundle({
    name: 'triage',
    entry: 'packages/triage-engine/src/cli/main.ts',
    packages: ['plugins/triage-common', 'packages/triage-engine'],
  });
}
