// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';

/** This package's folder. */
// The package is run from its sources and never bundled, so its own place is where it looks.
// eslint-disable-next-line no-restricted-syntax
export const PACKAGE_DIR = path.resolve(__dirname, '..');
