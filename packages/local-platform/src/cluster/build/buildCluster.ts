// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { withLock } from '../../../bootstrap/lock.mjs';
import { BuildProgress, BuildReport, BuildStep } from './BuildProgress';
import { changeModules, changedModules } from './changeModules';
import { MANIFEST_MODULES, copyManifests } from './copyManifests';
import { ensureGo } from './findGo';
import { GoBuilder } from './GoBuilder';
import { MODULE_DIR, hashModule, requiredGoVersion } from './goModule';
import { BUILD_SPACE, Room, requireRoom } from './requireRoom';

/** Where a cluster is built, and who hears of it. */
export interface BuildOptions {
  /** Shared by all states of this machine. */
  cacheDir: string;
  onProgress?: (report: BuildReport) => void;
  /** Called once when another process builds already, which is waited for. */
  onWait?: () => void;
  signal?: AbortSignal;
  /** The Go module; only tests name another. */
  moduleDir?: string;
  /** Memory and disk of this machine; only tests name others. */
  room?: Room;
}

/** A build that goes on; each promise fails with the Problem that stopped it. */
export interface ClusterBuild {
  /** Where the binaries and `manifests/` come to lie. */
  dir: string;
  /** `registry` is there. */
  registry: Promise<void>;
  /** `cluster`, `kserve` and `manifests/` are there. */
  kubernetes: Promise<void>;
  /** `argocd` is there, and what only the build needed is gone. */
  argocd: Promise<void>;
}

const VERSION = 'k8s.io/component-base/version';
const KUBERNETES_FLAGS = `-X ${VERSION}.gitVersion=v1.34.4 -X ${VERSION}.gitMajor=1 -X ${VERSION}.gitMinor=34`;

/** In ms: what nobody has used for so long goes, as another checkout may share the cache. */
const UNUSED_MS = 24 * 3600_000;

const STEPS: BuildStep[] = [
  { title: 'Go', work: 15 },
  { title: 'downloading modules', work: 60 },
  { title: 'registry', work: 25 },
  { title: 'Kubernetes and KServe', work: 575 },
  { title: 'Argo CD', work: 120 },
];

interface Phase {
  id: 'registry' | 'kubernetes' | 'argocd';
  step: number;
  packages: string[];
  outputs: string[];
  linkerFlags?: string;
  /** Compiles what `changes.json` changes; the others do not need those modules. */
  isChanged?: boolean;
}

const PHASES: Phase[] = [
  {
    id: 'registry',
    step: 2,
    packages: ['./registry'],
    outputs: ['registry'],
  },
  {
    id: 'kubernetes',
    step: 3,
    packages: ['.', './kserve'],
    outputs: ['cluster', 'kserve'],
    linkerFlags: KUBERNETES_FLAGS,
  },
  {
    id: 'argocd',
    step: 4,
    packages: ['./argocd'],
    outputs: ['argocd'],
    isChanged: true,
  },
];

/** Where the cluster of a module is, whether it has been built or not. */
export function clusterDir(cacheDir: string, moduleDir = MODULE_DIR): string {
  return path.join(cacheDir, 'cluster', hashModule(moduleDir));
}

function scratchDir(cacheDir: string): string {
  return path.join(cacheDir, 'cluster', 'scratch');
}

/** Whether nothing is left to build. */
export function isBuilt(dir: string): boolean {
  return PHASES.every(phase => isPhaseBuilt(dir, phase));
}

function isPhaseBuilt(dir: string, { id, outputs }: Phase): boolean {
  const names = id === 'kubernetes' ? [...outputs, 'manifests'] : outputs;
  return names.every(name => fs.existsSync(path.join(dir, name)));
}

/**
 * Builds the servers of the local cluster, or finds them built. One process at a time builds, all others wait for it. What an
 * interrupted build has compiled is used by the next; once all is there, Go's caches go, and what older modules left.
 */
export function buildCluster(options: BuildOptions): ClusterBuild {
  const { cacheDir, moduleDir = MODULE_DIR } = options;
  const dir = clusterDir(cacheDir, moduleDir);
  const waiters = PHASES.map(phase => {
    let resolve = () => {};
    let reject: (error: unknown) => void = () => {};
    const promise = new Promise<void>((...settle) => {
      [resolve, reject] = settle;
    });
    return { phase, promise, resolve, reject };
  });
  // Who does not ask for a phase need not hear that it failed.
  waiters.forEach(({ promise }) => promise.catch(() => {}));
  // The last phase is over when what only the build needed is gone.
  const isOver = (phase: Phase) =>
    isPhaseBuilt(dir, phase) &&
    (phase.id !== 'argocd' || !fs.existsSync(scratchDir(cacheDir)));
  const settleBuilt = () =>
    waiters
      .filter(({ phase }) => isOver(phase))
      .forEach(({ resolve }) => resolve());
  settleBuilt();
  if (fs.existsSync(dir)) {
    const now = new Date();
    fs.utimesSync(dir, now, now);
  }
  if (!isBuilt(dir) || fs.existsSync(scratchDir(cacheDir))) {
    // While another process builds, its phases are seen by their files.
    const timer = setInterval(settleBuilt, 500);
    withLock(
      path.join(cacheDir, 'cluster', 'build.lock'),
      () => build(options, dir, settleBuilt),
      options.onWait,
    )
      .then(settleBuilt)
      .catch(error => waiters.forEach(({ reject }) => reject(error)))
      .finally(() => clearInterval(timer));
  }
  const [registry, kubernetes, argocd] = waiters.map(({ promise }) => promise);
  return { dir, registry, kubernetes, argocd };
}

async function build(
  options: BuildOptions,
  dir: string,
  onPhase: () => void,
): Promise<void> {
  const { cacheDir, moduleDir = MODULE_DIR, signal } = options;
  signal?.throwIfAborted();
  if (isBuilt(dir)) {
    // The one that built it was ended before it could.
    await cleanUp(cacheDir, dir);
    return;
  }
  requireRoom(cacheDir, BUILD_SPACE, options.room);
  const progress = new BuildProgress({
    steps: STEPS,
    cores: os.availableParallelism(),
    report: options.onProgress ?? (() => {}),
  });
  progress.begin(0);
  const go = await ensureGo({
    required: requiredGoVersion(moduleDir),
    cacheDir,
    onLine: line => progress.advance(0, line.trim()),
  });
  if (!go.discard) {
    progress.found(1);
  }
  const builder = new GoBuilder({
    go,
    moduleDir,
    scratchDir: scratchDir(cacheDir),
    logsDir: path.join(cacheDir, 'logs'),
    signal,
  });
  progress.begin(1);
  let downloaded = false;
  const moduleDirs = await builder.downloadModules(
    [...new Set([...MANIFEST_MODULES, ...changedModules(moduleDir)])],
    (done, all) => {
      downloaded = true;
      progress.advance(done / all, `${done} of ${all}`);
    },
  );
  if (!downloaded) {
    progress.found(1);
  }
  putManifests(moduleDirs, dir);
  for (const phase of PHASES) {
    progress.begin(phase.step);
    if (isPhaseBuilt(dir, phase)) {
      progress.found(1);
      continue;
    }
    const changedDir = path.join(scratchDir(cacheDir), 'changed');
    await builder.build({
      ...phase,
      modFile: phase.isChanged
        ? changeModules(moduleDir, moduleDirs, changedDir)
        : undefined,
      dir,
      onStale: (stale, all) => progress.found(1 - stale / all),
      onPackage: (done, all) =>
        progress.advance(done / all, `${done} of ${all} packages`),
    });
    onPhase();
  }
  go.discard?.();
  await cleanUp(cacheDir, dir);
}

function putManifests(moduleDirs: Map<string, string>, dir: string): void {
  const target = path.join(dir, 'manifests');
  if (fs.existsSync(target)) {
    return;
  }
  const temporary = `${target}.tmp`;
  fs.rmSync(temporary, { recursive: true, force: true });
  copyManifests(moduleDirs, temporary);
  fs.renameSync(temporary, target);
}

/** About 6 GB, of which 300 MB stay. */
async function cleanUp(cacheDir: string, dir: string): Promise<void> {
  const remove = (name: string) =>
    fs.promises.rm(name, { recursive: true, force: true });
  const parent = path.join(cacheDir, 'cluster');
  for (const name of fs.readdirSync(parent)) {
    const other = path.join(parent, name);
    if (
      /^[0-9a-f]{16}$/.test(name) &&
      other !== dir &&
      Date.now() - fs.statSync(other).mtimeMs > UNUSED_MS
    ) {
      await remove(other);
    }
  }
  // Last, as others wait for that; seconds of work, beside which everything else must go on.
  await remove(scratchDir(cacheDir));
}
