// SPDX-License-Identifier: Apache-2.0
import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { findFreePort } from '../../bootstrap/ports.mjs';
import { PACKAGE_DIR } from '../paths';
import { PlatformState } from './PlatformState';
import { livingPids, waitFor } from './__testUtils__/standInServer';

describe('PlatformState', () => {
  let root: string;
  let dir: string;
  const cleanUps: (() => void)[] = [];

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-state-'));
    dir = path.join(root, 'state');
  });

  afterEach(() => {
    cleanUps.splice(0).forEach(cleanUp => cleanUp());
    fs.rmSync(root, { recursive: true, force: true });
  });

  const listen = async (port: number) => {
    const server = net.createServer().listen(port, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    cleanUps.push(() => server.close());
    return () => new Promise(resolve => server.close(resolve));
  };

  it('keeps ports and secrets between starts, for URLs with them are in repositories', async () => {
    const portal = await findFreePort();
    const first = await PlatformState.open({ dir, portalPort: portal });
    expect(new Set(Object.values(first.ports)).size).toBe(3);
    expect(fs.statSync(dir).mode & 0o777).toBe(0o700);
    const secretsFile = path.join(dir, 'secrets.json');
    expect(fs.statSync(secretsFile).mode & 0o777).toBe(0o600);
    first.close();

    const other = await findFreePort();
    const second = await PlatformState.open({ dir, portalPort: other });
    expect(second.ports).toEqual({ ...first.ports, portal: other });
    expect(second.secrets).toEqual(first.secrets);
    second.close();

    // A file that a crash cut short.
    fs.writeFileSync(secretsFile, '{"forgeTo');
    const third = await PlatformState.open({ dir, portalPort: portal });
    expect(third.secrets.forgeToken).toMatch(/^ghp_\w{36}$/);
    third.close();
  });

  it('takes from others what an earlier version let them read, and from files to come', async () => {
    const made = [
      ['forge/forge.db', 0o644],
      ['forge/forge.db-wal', 0o666],
      ['forge/forge.db-shm', 0o644],
      ['forge/repositories/1.git/hooks/pre-receive', 0o755],
      ['backstage/auth.sqlite', 0o644],
      ['logs/backend.log', 0o640],
      ['config/app-config.local.yaml', 0o604],
      ['secrets.json', 0o644],
      ['greenroom.json', 0o644],
    ] as const;
    for (const [name, mode] of made) {
      const file = path.join(dir, name);
      fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o777 });
      fs.writeFileSync(file, '');
      fs.chmodSync(file, mode);
    }
    fs.chmodSync(dir, 0o777);
    const outside = path.join(root, 'outside');
    fs.writeFileSync(outside, '');
    fs.chmodSync(outside, 0o644);
    fs.symlinkSync(outside, path.join(dir, 'forge', 'link'));
    const before = process.umask(0o022);
    cleanUps.push(() => process.umask(before));

    const portal = await findFreePort();
    const state = await PlatformState.open({ dir, portalPort: portal });
    // What SQLite makes has 0644 of its own accord.
    execFileSync('sh', ['-c', ': > forge/new.db; mkdir mlflow'], { cwd: dir });
    const modes = (folder: string): string[] =>
      fs.readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
        const file = path.join(folder, entry.name);
        const { mode } = fs.lstatSync(file);
        return [
          ...(entry.isSymbolicLink() || (mode & 0o077) === 0 ? [] : [file]),
          ...(entry.isDirectory() ? modes(file) : []),
        ];
      });
    expect(modes(dir)).toEqual([]);
    expect(fs.statSync(dir).mode & 0o777).toBe(0o700);
    const hook = path.join(dir, 'forge/repositories/1.git/hooks/pre-receive');
    expect(fs.statSync(hook).mode & 0o777).toBe(0o700);
    expect(fs.statSync(outside).mode & 0o777).toBe(0o644);
    state.close();
  });

  it('refuses a folder that is a link, or somebody else’s', async () => {
    const portalPort = await findFreePort();
    fs.mkdirSync(dir);
    const link = path.join(root, 'link');
    fs.symlinkSync(dir, link);
    await expect(
      PlatformState.open({ dir: link, portalPort }),
    ).rejects.toMatchObject({
      name: 'Problem',
      message: expect.stringContaining(`${link} is a symbolic link`),
      remedy: [expect.stringContaining(`--state ${dir}`)],
    });
    const stat = fs.lstatSync(dir);
    const uid = jest.spyOn(process, 'getuid').mockReturnValue(stat.uid + 1);
    cleanUps.push(() => uid.mockRestore());
    await expect(PlatformState.open({ dir, portalPort })).rejects.toMatchObject(
      {
        name: 'Problem',
        message: expect.stringContaining(`${dir} belongs to another user`),
      },
    );
    expect(fs.readdirSync(dir)).toEqual([]);
  });

  it('takes free ports when the next ones are taken, but not others once they are settled', async () => {
    const portal = await findFreePort();
    await listen(portal + 1);
    const state = await PlatformState.open({ dir, portalPort: portal });
    expect(state.ports.mlflow).not.toBe(portal + 1);
    state.close();

    const stopListening = await listen(state.ports.mlflow);
    await expect(
      PlatformState.open({ dir, portalPort: portal }),
    ).rejects.toMatchObject({
      name: 'Problem',
      message: expect.stringContaining(
        `Port ${state.ports.mlflow}, which MLflow needs, is in use`,
      ),
      remedy: [expect.stringContaining('npm run reset')],
    });
    await stopListening();
    await listen(portal);
    await expect(
      PlatformState.open({ dir, portalPort: portal }),
    ).rejects.toThrow(`Port ${portal}, which the portal needs, is in use`);

    // A refusal leaves the folder free for the next start.
    const free = await findFreePort();
    (await PlatformState.open({ dir, portalPort: free })).close();
  }, 30_000);

  describe('with a platform in another process', () => {
    let platform: ChildProcess;
    let said: string;

    const startPlatform = async (servers: object[]) => {
      platform = spawn(
        process.execPath,
        [
          '--import',
          require.resolve('tsx'),
          path.join(
            PACKAGE_DIR,
            'src/supervisor/__testUtils__/standInPlatform.ts',
          ),
          JSON.stringify({ dir, port: await findFreePort(), servers }),
        ],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      );
      cleanUps.push(() => platform.kill('SIGKILL'));
      said = '';
      platform.stdout?.on('data', chunk => (said += chunk));
      platform.stderr?.on('data', chunk => (said += chunk));
      await waitFor(() => said.includes('ready') || platform.exitCode !== null);
      expect(said).toContain('ready');
    };

    const kill = async () => {
      platform.kill('SIGKILL');
      await waitFor(() => platform.signalCode !== null);
    };

    it('refuses a second one; after kill -9 what listens to its parent goes, the rest at the next start', async () => {
      const [tame, stubborn] = ['tame', 'stubborn'].map(name =>
        path.join(root, name),
      );
      [tame, stubborn].forEach(folder => fs.mkdirSync(folder));
      await startPlatform([
        { folder: tame, port: await findFreePort() },
        {
          folder: stubborn,
          port: await findFreePort(),
          stubborn: true,
          grandchild: true,
        },
      ]);
      const portal = await findFreePort();
      await expect(
        PlatformState.open({ dir, portalPort: portal }),
      ).rejects.toThrow(
        new RegExp(
          `already running .*http://localhost:\\d+ \\(pid ${platform.pid}\\)`,
        ),
      );

      await kill();
      await waitFor(() => livingPids(tame).length === 0);
      expect(livingPids(stubborn)).toHaveLength(2);

      const next = await PlatformState.open({ dir, portalPort: portal });
      await waitFor(() => livingPids(stubborn).length === 0);
      expect(fs.readdirSync(path.join(dir, 'run'))).toEqual(['platform.lock']);
      next.close();
    }, 60_000);

    it('never ends a process that only has the number of one that it had started', async () => {
      const bystander = spawn('sleep', ['60'], { stdio: 'ignore' });
      cleanUps.push(() => bystander.kill());
      fs.mkdirSync(path.join(dir, 'run'), { recursive: true });
      fs.writeFileSync(
        path.join(dir, 'run', 'mlflow.json'),
        JSON.stringify([{ pid: bystander.pid, startTime: '1' }]),
      );

      const state = await PlatformState.open({
        dir,
        portalPort: await findFreePort(),
      });

      expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
      expect(() => process.kill(bystander.pid ?? 0, 0)).not.toThrow();
      state.close();
    });
  });
});
