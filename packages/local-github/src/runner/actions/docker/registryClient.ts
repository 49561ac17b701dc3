// SPDX-License-Identifier: Apache-2.0
import { copyFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JobState } from '../../execution/JobState';
import type { LocalRegistry } from '../../images/LocalRegistry';
import { PACKAGE_DIR } from '../../../paths';

const SOURCE = path.join(PACKAGE_DIR, 'src/runner/images/registry_client.py');

/** Programs that the client stands in for. */
const PROGRAMS = ['docker', 'skopeo'] as const;

/** The folder on a job's PATH that holds the stand-ins of `docker` and `skopeo`, if it was given them. */
export function registryClientFolder(state: JobState): string {
  return path.join(state.directories.tools, 'registry');
}

/** How a job calls the client: the command before what belongs to the program, first the program itself. */
export async function provideRegistryClient(
  state: JobState,
  registry: LocalRegistry,
): Promise<string[]> {
  const folder = registryClientFolder(state);
  const script = path.join(folder, 'registry_client.py');
  const registries = path.join(folder, 'registries.json');
  await mkdir(state.files.writable(folder), { recursive: true });
  copyFileSync(SOURCE, state.files.writable(script));
  await writeFile(
    state.files.writable(registries),
    JSON.stringify(registry.standIns),
  );
  return [state.services.python, script, registries];
}

/** Puts the stand-ins of `docker` and `skopeo` before all others on the job's PATH. */
export async function installRegistryClient(
  state: JobState,
  registry: LocalRegistry,
): Promise<void> {
  const call = await provideRegistryClient(state, registry);
  const folder = registryClientFolder(state);
  for (const program of PROGRAMS) {
    const words = [...call, program].map(quote).join(' ');
    await writeFile(
      state.files.writable(path.join(folder, program)),
      `#!/bin/sh\nexec ${words} "$@"\n`,
      { mode: 0o755 },
    );
  }
  state.path = [folder, ...state.path.filter(entry => entry !== folder)];
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
