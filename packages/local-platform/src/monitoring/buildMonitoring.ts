// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { withLock } from '../../bootstrap/lock.mjs';
import { BuildProgress, BuildReport } from '../cluster/build/BuildProgress';
import { changeModules, changedModules } from '../cluster/build/changeModules';
import { ensureGo } from '../cluster/build/findGo';
import { GoBuilder } from '../cluster/build/GoBuilder';
import { hashModule, requiredGoVersion } from '../cluster/build/goModule';
import { requireRoom } from '../cluster/build/requireRoom';
import { PACKAGE_DIR } from '../paths';
import { findProgram } from './findProgram';

/** Where the programs are. */
export interface MonitoringPrograms {
  prometheus: string;
  alertmanager: string;
}

interface Program {
  id: keyof MonitoringPrograms;
  package: string;
  version: string;
  /** The oldest that is taken from PATH: with `authorization`, `proxy_url` and what the configuration asks for. */
  oldest: [number, number];
  /** Seconds of one core, as measured. */
  work: number;
}

/** Named in go-monitoring/go.mod: Prometheus 3.13 is the module's v0.313. */
const PROGRAMS: Program[] = [
  {
    id: 'prometheus',
    package: 'github.com/prometheus/prometheus/cmd/prometheus',
    version: '3.13.0',
    oldest: [2, 50],
    work: 200,
  },
  {
    id: 'alertmanager',
    package: 'github.com/prometheus/alertmanager/cmd/alertmanager',
    version: '0.33.1',
    oldest: [0, 27],
    work: 50,
  },
];

/** Leaves out every discovery but those by file and HTTP, and with them the clients of the clouds. */
const TAGS = ['remove_all_sd'];
const MODULE_DIR = path.join(PACKAGE_DIR, 'go-monitoring');
/** In bytes, at the peak. */
const BUILD_SPACE = 4e9;
/** In ms: what nobody has used for so long goes, as another checkout may share the cache. */
const UNUSED_MS = 24 * 3600_000;

/** What a build is made with. */
export interface MonitoringBuildOptions {
  /** Shared by all states of this machine. */
  cacheDir: string;
  onProgress?: (report: BuildReport) => void;
  /** Called once when another process builds already, which is waited for. */
  onWait?: () => void;
  signal?: AbortSignal;
}

const binDir = (cacheDir: string) =>
  path.join(cacheDir, 'monitoring', hashModule(MODULE_DIR));
const scratchDir = (cacheDir: string) =>
  path.join(cacheDir, 'monitoring', 'scratch');

/** Prometheus and Alertmanager of PATH where they are new enough, or those that an earlier start has built. */
export function findMonitoring(cacheDir: string): Partial<MonitoringPrograms> {
  const found: Partial<MonitoringPrograms> = {};
  for (const { id, oldest } of PROGRAMS) {
    const built = path.join(binDir(cacheDir), id);
    found[id] =
      findProgram(id, oldest) ?? (fs.existsSync(built) ? built : undefined);
  }
  return found;
}

/**
 * Finds Prometheus and Alertmanager, or builds what is missing of them. One process at a time builds, all others wait for it.
 *
 * @throws Problem when there is no room, or they cannot be built
 */
export async function ensureMonitoring(
  options: MonitoringBuildOptions,
): Promise<MonitoringPrograms> {
  const { cacheDir } = options;
  if (!isComplete(findMonitoring(cacheDir))) {
    await withLock(
      path.join(cacheDir, 'monitoring', 'build.lock'),
      () => build(options),
      options.onWait,
    );
  }
  const programs = findMonitoring(cacheDir);
  if (!isComplete(programs)) {
    throw new Error(
      'Prometheus and Alertmanager were built, and are not there',
    );
  }
  return programs;
}

function isComplete(
  programs: Partial<MonitoringPrograms>,
): programs is MonitoringPrograms {
  return PROGRAMS.every(({ id }) => programs[id]);
}

async function build(options: MonitoringBuildOptions): Promise<void> {
  const { cacheDir, onProgress = () => {}, signal } = options;
  signal?.throwIfAborted();
  const found = findMonitoring(cacheDir);
  const missing = PROGRAMS.filter(({ id }) => !found[id]);
  if (!missing.length) {
    return;
  }
  requireRoom(cacheDir, BUILD_SPACE, undefined, {
    needs: 'Prometheus and Alertmanager need',
    option: '--no-monitoring',
  });
  const progress = new BuildProgress({
    steps: [
      { title: 'Go and modules', work: 60 },
      ...missing.map(({ id, work }) => ({ title: id, work })),
    ],
    cores: os.availableParallelism(),
    report: onProgress,
  });
  progress.begin(0);
  const go = await ensureGo({
    required: requiredGoVersion(MODULE_DIR),
    cacheDir,
    onLine: line => progress.advance(0, line.trim()),
  });
  const builder = new GoBuilder({
    go,
    moduleDir: MODULE_DIR,
    scratchDir: scratchDir(cacheDir),
    logsDir: path.join(cacheDir, 'logs'),
    subject: { id: 'monitoring', title: 'monitoring' },
    signal,
  });
  const modFile = changeModules(
    MODULE_DIR,
    await builder.downloadFolders(changedModules(MODULE_DIR)),
    path.join(scratchDir(cacheDir), 'changed'),
  );
  for (const [index, { id, package: name, version }] of missing.entries()) {
    progress.begin(index + 1);
    await builder.build({
      id,
      packages: [name],
      outputs: [id],
      linkerFlags: `-X github.com/prometheus/common/version.Version=${version}`,
      modFile,
      tags: TAGS,
      dir: binDir(cacheDir),
      onStale: (stale, all) => progress.found(1 - stale / all),
      onPackage: (done, all) =>
        progress.advance(done / all, `${done} of ${all} packages`),
    });
  }
  go.discard?.();
  await cleanUp(cacheDir);
}

async function cleanUp(cacheDir: string): Promise<void> {
  const parent = path.join(cacheDir, 'monitoring');
  for (const name of fs.readdirSync(parent)) {
    const other = path.join(parent, name);
    if (
      /^[0-9a-f]{16}$/.test(name) &&
      other !== binDir(cacheDir) &&
      Date.now() - fs.statSync(other).mtimeMs > UNUSED_MS
    ) {
      await fs.promises.rm(other, { recursive: true, force: true });
    }
  }
  await fs.promises.rm(scratchDir(cacheDir), { recursive: true, force: true });
}
