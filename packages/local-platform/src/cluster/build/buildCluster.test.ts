// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PACKAGE_DIR } from '../../paths';
import { BuildReport } from './BuildProgress';
import { BuildOptions, buildCluster, clusterDir } from './buildCluster';
import { FakeGo } from './__testUtils__/FakeGo';

// Each build is eight processes.
jest.setTimeout(60_000);

const ROOM = { memory: 16e9, disk: 50e9 };

let folder: string;
let cacheDir: string;
let moduleDir: string;
let go: FakeGo;
const environment = { ...process.env };

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-build-'));
  cacheDir = path.join(folder, 'cache');
  moduleDir = path.join(folder, 'module');
  fs.mkdirSync(moduleDir);
  fs.writeFileSync(path.join(moduleDir, 'main.go'), 'package main\n');
  fs.writeFileSync(
    path.join(moduleDir, 'go.mod'),
    'module test\n\ngo 1.25.8\n\nrequire (\n\ta.test/a v1.0.0\n)\n',
  );
  fs.writeFileSync(path.join(moduleDir, 'go.sum'), 'a.test/a v1.0.0 h1:x\n');
  fs.writeFileSync(
    path.join(moduleDir, 'changes.json'),
    JSON.stringify([
      {
        why: 'To be changed.',
        module: 'github.com/argoproj/argo-cd/v3',
        file: 'controller/some.go',
        from: '0.0.0.0',
        to: '127.0.0.1',
      },
      {
        why: 'To be added, in a folder that is left out otherwise.',
        module: 'github.com/argoproj/argo-cd/v3',
        file: 'ui/dist/index.html',
        add: '<p>',
      },
    ]),
  );
  go = new FakeGo(folder);
  process.env.PATH = `${go.binDir}${path.delimiter}${environment.PATH}`;
  delete process.env.GOCACHE;
  delete process.env.GOMODCACHE;
});

afterEach(() => {
  Object.assign(process.env, environment);
  fs.rmSync(folder, { recursive: true, force: true });
});

const start = (more: Partial<BuildOptions> = {}) =>
  buildCluster({ cacheDir, moduleDir, room: ROOM, ...more });

const exists = (...names: string[]) =>
  fs.existsSync(path.join(clusterDir(cacheDir, moduleDir), ...names));

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    if (condition()) {
      return;
    }
    await sleep(20);
  }
  throw new Error(`It never came: ${condition}`);
}

describe('buildCluster', () => {
  it('builds the registry, then Kubernetes with KServe, then Argo CD, and keeps only what runs', async () => {
    const reports: BuildReport[] = [];
    const build = start({ onProgress: report => reports.push(report) });
    await build.argocd;
    expect(go.takeCalls()).toEqual([
      'mod',
      'list',
      'list ./registry',
      'build ./registry',
      'list . ./kserve',
      'build . ./kserve',
      'list ./argocd',
      'build ./argocd',
    ]);
    expect(fs.readdirSync(build.dir).sort()).toEqual([
      'argocd',
      'cluster',
      'kserve',
      'manifests',
      'registry',
    ]);
    expect(
      fs.readFileSync(
        path.join(build.dir, 'manifests/kserve/crd-full/some.yaml'),
        'utf8',
      ),
    ).toBe('# github.com/kserve/kserve/config/crd/full\n');
    expect(fs.existsSync(path.join(cacheDir, 'cluster', 'scratch'))).toBe(
      false,
    );
    expect(reports.map(({ step, detail }) => `${step} ${detail}`)).toEqual(
      expect.arrayContaining([
        '2 downloading modules, 1 of 1',
        '4 Kubernetes and KServe, 2 of 4 packages',
        '4 Kubernetes and KServe, 3 of 4 packages',
        '5 Argo CD',
      ]),
    );
    expect(reports.every(({ of }) => of === 5)).toBe(true);
    expect(reports.at(-1)?.minutesLeft).toBeLessThan(reports[0].minutesLeft);
    // The next start finds it, and needs no Go.
    await start().argocd;
    expect(go.takeCalls()).toEqual([]);
  });

  it('tells of each phase as soon as it is there', async () => {
    const hold = path.join(folder, 'hold');
    fs.writeFileSync(hold, '');
    go.behave({ hold: { at: './argocd', file: hold } });
    const build = start();
    await build.kubernetes;
    expect(exists('cluster')).toBe(true);
    expect(exists('argocd')).toBe(false);
    fs.rmSync(hold);
    await build.argocd;
    expect(exists('argocd')).toBe(true);
  });

  it('goes on where a killed build was', async () => {
    const hold = path.join(folder, 'hold');
    fs.writeFileSync(hold, '');
    go.behave({ hold: { at: './kserve', file: hold } });
    const child = spawn(
      process.execPath,
      [
        '--import',
        require.resolve('tsx'),
        path.join(
          PACKAGE_DIR,
          'src/cluster/build/__testUtils__/buildInProcess.ts',
        ),
        JSON.stringify({ cacheDir, moduleDir, room: ROOM }),
      ],
      { env: process.env, stdio: 'inherit' },
    );
    await until(() => exists('registry'));
    await until(() => go.takeCalls().includes('build . ./kserve'));
    child.kill('SIGKILL');
    await new Promise(resolve => child.once('exit', resolve));
    fs.rmSync(hold);

    expect(exists('cluster')).toBe(false);
    await start().argocd;
    const calls = go.takeCalls();
    expect(calls).toContain('build . ./kserve');
    expect(calls).not.toContain('build ./registry');
  });

  it('builds once for all who ask', async () => {
    const waited: string[] = [];
    const other = spawn(
      process.execPath,
      [
        '--import',
        require.resolve('tsx'),
        path.join(
          PACKAGE_DIR,
          'src/cluster/build/__testUtils__/buildInProcess.ts',
        ),
        JSON.stringify({ cacheDir, moduleDir, room: ROOM }),
      ],
      { env: process.env, stdio: 'inherit' },
    );
    const ended = new Promise(resolve => other.once('exit', resolve));
    const lock = path.join(cacheDir, 'cluster', 'build.lock');
    const hold = path.join(folder, 'hold');
    fs.writeFileSync(hold, '');
    go.behave({ hold: { at: './registry', file: hold } });
    await until(() => fs.existsSync(lock));
    const builds = [
      start({ onWait: () => waited.push('first') }),
      start({ onWait: () => waited.push('second') }),
    ];
    await until(() => waited.length === 2);
    fs.rmSync(hold);
    await Promise.all(builds.map(build => build.argocd));
    expect(await ended).toBe(0);
    expect(go.takeCalls().filter(call => call === 'build ./argocd')).toEqual([
      'build ./argocd',
    ]);
  });

  it.each([
    [
      ['write /x: no space left on device'],
      'The disk became full while the local cluster was built.',
    ],
    [
      ['k8s.io/api: /go/compile: signal: killed'],
      /ended by the system, most likely for want of memory/,
    ],
    [
      ['go: a.test/a: dial tcp: lookup proxy.test: no such host'],
      'The Go modules of the local cluster could not be downloaded.',
    ],
    [['main.go:1: undefined: x'], 'The local cluster could not be built.'],
  ])('says what stopped it: %j', async (lines, message) => {
    go.behave({ fail: { at: './registry', lines } });
    const build = start();
    await expect(build.kubernetes).rejects.toThrow(message);
    await expect(build.argocd).rejects.toMatchObject({
      name: 'Problem',
      detail: expect.arrayContaining(lines),
    });
    // And it can be tried again.
    go.behave({});
    await start().argocd;
  });

  it.each([
    [{ memory: 6e9, disk: 50e9 }, /needs a machine with 8 GB .* has 6.0 GB/],
    [{ memory: 16e9, disk: 9e9 }, /needs 10.0 GB of free disk .* 9.0 GB are/],
  ])('does not begin with %j', async (room, message) => {
    await expect(start({ room }).registry).rejects.toThrow(message);
    expect(go.takeCalls()).toEqual([]);
    // An 8 GB machine has less than that for programs.
    await start({ room: { memory: 7.7e9, disk: 11e9 } }).argocd;
  });

  it('can be stopped', async () => {
    const hold = path.join(folder, 'hold');
    fs.writeFileSync(hold, '');
    go.behave({ hold: { at: './kserve', file: hold } });
    const abort = new AbortController();
    const build = start({ signal: abort.signal });
    await build.registry;
    await until(() => go.takeCalls().includes('build . ./kserve'));
    abort.abort(new Error('stopped'));
    await expect(build.kubernetes).rejects.toThrow('stopped');
  });

  it('compiles Argo CD with our changes, and stops when they no longer fit', async () => {
    const { dir, argocd } = start();
    await argocd;
    const built = fs.readFileSync(path.join(dir, 'argocd'), 'utf8');
    expect(built).toContain('listen 127.0.0.1, once');
    expect(built).toContain('<p>');
    expect(fs.readFileSync(path.join(dir, 'kserve'), 'utf8')).not.toContain(
      'listen',
    );

    fs.rmSync(path.join(dir, 'argocd'));
    go.putSource('package controller // nothing to change\n');
    await expect(start().argocd).rejects.toThrow(
      /controller\/some.go no longer has what is to be changed/,
    );
  });

  it('removes what an older module left when nobody has used it for a day', async () => {
    const old = path.join(cacheDir, 'cluster', '0123456789abcdef');
    const recent = path.join(cacheDir, 'cluster', 'fedcba9876543210');
    for (const [dir, hours] of [
      [old, 25],
      [recent, 1],
    ] as const) {
      fs.mkdirSync(dir, { recursive: true });
      const at = new Date(Date.now() - hours * 3600_000);
      fs.utimesSync(dir, at, at);
    }
    await start().argocd;
    expect(fs.existsSync(old)).toBe(false);
    expect(fs.existsSync(recent)).toBe(true);
  });

  it('uses and keeps caches that the environment names', async () => {
    process.env.GOCACHE = path.join(folder, 'own-cache');
    process.env.GOMODCACHE = path.join(folder, 'own-modules');
    const { dir, argocd } = start();
    await argocd;
    expect(fs.readFileSync(path.join(dir, 'argocd'), 'utf8')).toContain(
      'own-cache',
    );
    expect(fs.existsSync(process.env.GOMODCACHE)).toBe(true);
  });
});
