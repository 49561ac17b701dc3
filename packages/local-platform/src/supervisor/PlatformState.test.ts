import { ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { findFreePort } from '../../bootstrap/ports.mjs';
import { PACKAGE_DIR } from '../paths';
import { PlatformState } from './PlatformState';
import { livingPids, waitFor } from './testing/standInServer';

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
  });

  describe('with a platform in another process', () => {
    let platform: ChildProcess;
    let said: string;

    const startPlatform = async (servers: object[]) => {
      platform = spawn(
        process.execPath,
        [
          '--import',
          require.resolve('tsx'),
          path.join(PACKAGE_DIR, 'src/supervisor/testing/standInPlatform.ts'),
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
