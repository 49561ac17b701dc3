// SPDX-License-Identifier: Apache-2.0
import { createRequire } from 'node:module';
import { register } from 'tsx/cjs/api';

register();

/**
 * Loads Backstage's packages, which are CommonJS, and ours, which are TypeScript in the workspace.
 */
export const require = createRequire(import.meta.url);
