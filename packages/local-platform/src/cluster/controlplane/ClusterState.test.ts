// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ClusterState } from './ClusterState';
import { ALL_IDENTITIES } from './identities';

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-state-'));
});

afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const open = (dir = folder) =>
  ClusterState.open({ dir, logsDir: path.join(dir, 'logs') });

describe('ClusterState', () => {
  it('keeps ports, tokens and keys from one start to the next', async () => {
    const first = await open();
    const kubelet = await first.settlePort('kubelet');
    const range = await first.settleRange('containers', 200);
    const key = fs.readFileSync(first.certificate('service-accounts.key'));
    const second = await open();
    expect(await second.settlePort('kubelet')).toBe(kubelet);
    expect(await second.settleRange('containers', 200)).toBe(range);
    expect(second.server).toBe(first.server);
    expect(ALL_IDENTITIES.map(id => second.token(id))).toEqual(
      ALL_IDENTITIES.map(id => first.token(id)),
    );
    expect(new Set(ALL_IDENTITIES.map(id => first.token(id))).size).toBe(
      ALL_IDENTITIES.length,
    );
    expect(fs.readFileSync(second.certificate('service-accounts.key'))).toEqual(
      key,
    );
  });

  it('gives no port of a range to another, and takes another for one that is taken', async () => {
    const state = await open();
    const first = await state.settleRange('containers', 5000);
    expect(first + 5000).toBeLessThanOrEqual(32_768);
    for (let index = 0; index < 20; index += 1) {
      const port = await state.settlePort(`port-${index}`);
      expect(port < first || port >= first + 5000).toBe(true);
    }
    const server = net.createServer();
    await new Promise<void>(resolve =>
      server.listen(state.port('apiServer'), '127.0.0.1', resolve),
    );
    try {
      const again = await open();
      expect(again.port('apiServer')).not.toBe(state.port('apiServer'));
      expect(again.port('etcd')).toBe(state.port('etcd'));
    } finally {
      await new Promise(resolve => server.close(resolve));
    }
  });

  it('keeps the socket of the pod network short, in a private folder', async () => {
    const near = await open();
    expect(near.podNetworkSocket).toBe(path.join(folder, 'pod-network.sock'));
    const deep = await open(path.join(folder, 'd'.repeat(100)));
    const socket = deep.podNetworkSocket;
    expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(100);
    expect(fs.statSync(path.dirname(socket)).mode & 0o077).toBe(0);
    expect(deep.podNetworkSocket).toBe(socket);
    // Somebody else could have put a folder there meanwhile.
    fs.chmodSync(path.dirname(socket), 0o777);
    expect(deep.podNetworkSocket).not.toBe(socket);
    fs.rmSync(path.dirname(socket), { recursive: true });
    fs.rmSync(path.dirname(deep.podNetworkSocket), { recursive: true });
  });
});
