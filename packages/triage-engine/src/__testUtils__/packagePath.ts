// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';

const PACKAGE = path.dirname(
  require.resolve('@greenroom/triage-engine/package.json'),
);

/** A file of this package, wherever its source is run from. */
export const packagePath = (...parts: string[]): string =>
  path.join(PACKAGE, ...parts);
