// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import { z } from 'zod';
import { readJsonIfValid, writeAtomically } from '../../../bootstrap/files.mjs';
import { findFreePort, isPortFree } from '../../../bootstrap/ports.mjs';
import { ALL_IDENTITIES, IDENTITIES, Identity } from './identities';

const keptSchema = z.object({
  ports: z.record(
    z.string(),
    z.object({
      first: z.number().int().min(1).max(65_535),
      size: z.number().int().min(1),
    }),
  ),
  tokens: z.partialRecord(
    z.enum(ALL_IDENTITIES as [Identity, ...Identity[]]),
    z.string().min(40),
  ),
});

/** The longest path of a socket that every system takes, less what a temporary name adds. */
const LONGEST_SOCKET_PATH = 100;

/** Systems give ports from here to connections that go out. */
const END_OF_RANGES = 32_768;

/** Where a cluster's state lies. */
export interface ClusterStateOptions {
  /** Holds all data of the cluster. */
  dir: string;
  logsDir: string;
}

/** Ports that follow each other. */
interface PortRange {
  first: number;
  size: number;
}

/** The folder of the local cluster: ports, tokens, certificates, etcd's data, kubeconfigs. */
export class ClusterState {
  readonly dir: string;
  readonly #logsDir: string;
  readonly #ports: Record<string, PortRange>;
  readonly #tokens: Record<Identity, string>;

  private constructor(
    options: ClusterStateOptions,
    ports: Record<string, PortRange>,
    tokens: Record<Identity, string>,
  ) {
    this.dir = options.dir;
    this.#logsDir = options.logsDir;
    this.#ports = ports;
    this.#tokens = tokens;
  }

  /** Reads the folder, or makes it. A port that another program has taken since is replaced. */
  static async open(options: ClusterStateOptions): Promise<ClusterState> {
    fs.mkdirSync(options.dir, { recursive: true, mode: 0o700 });
    const read = keptSchema.safeParse(
      readJsonIfValid(path.join(options.dir, 'cluster.json')),
    );
    const kept = read.success ? read.data : { ports: {}, tokens: {} };
    const ports: Record<string, PortRange> = {};
    for (const [name, range] of Object.entries(kept.ports)) {
      if (await isPortFree(range.first)) {
        ports[name] = range;
      }
    }
    const tokens = Object.fromEntries(
      ALL_IDENTITIES.map(identity => [
        identity,
        kept.tokens[identity] ?? randomBytes(24).toString('hex'),
      ]),
    ) as Record<Identity, string>;
    const state = new ClusterState(options, ports, tokens);
    for (const name of ['apiServer', 'etcd', 'etcdPeer']) {
      await state.settlePort(name);
    }
    state.#save();
    state.#writeServiceAccountKey();
    return state;
  }

  /** A port by its name, for example `kubelet`: the same at each start as long as nobody else takes it. */
  async settlePort(name: string): Promise<number> {
    return this.settleRange(name, 1);
  }

  /** A port that has been settled. */
  port(name: string): number {
    const range = this.#ports[name];
    if (!range) {
      throw new Error(`The port of ${name} has not been settled`);
    }
    return range.first;
  }

  /** The first of so many ports that follow each other, below those that systems give to outgoing connections. */
  async settleRange(name: string, size: number): Promise<number> {
    if (!this.#ports[name]) {
      const others = Object.values(this.#ports);
      const isClear = (first: number) =>
        first + size <= END_OF_RANGES &&
        others.every(
          other =>
            other.first + other.size <= first || other.first >= first + size,
        );
      let first = await findFreePort();
      while (!isClear(first)) {
        first = await findFreePort();
      }
      this.#ports[name] = { first, size };
      this.#save();
    }
    return this.#ports[name].first;
  }

  path(...parts: string[]): string {
    return path.join(this.dir, ...parts);
  }

  log(name: string): string {
    return path.join(this.#logsDir, `cluster-${name}.log`);
  }

  /** The API server, for example `https://127.0.0.1:6443`. */
  get server(): string {
    return `https://127.0.0.1:${this.port('apiServer')}`;
  }

  /** Certificate or key of a part: `certificate('ca.crt')`. */
  certificate(name: string): string {
    return this.path('certificates', name);
  }

  token(identity: Identity): string {
    return this.#tokens[identity];
  }

  /**
   * The unix socket by which the API server reaches pods and the kubelet. Systems allow about a hundred characters for
   * it, so below a deep folder it lies in a private one of the temporary folder.
   */
  get podNetworkSocket(): string {
    const own = this.path('pod-network.sock');
    if (Buffer.byteLength(own) <= LONGEST_SOCKET_PATH) {
      return own;
    }
    const link = this.path('socket-folder');
    let folder = fs.existsSync(link) ? fs.readFileSync(link, 'utf8') : '';
    if (!isOwnFolder(folder)) {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-'));
      writeAtomically(link, folder, 0o600);
    }
    return path.join(folder, 'pod-network.sock');
  }

  /** Writes an identity's kubeconfig, readable by this user only, and answers its path. */
  kubeconfigFile(identity: Identity): string {
    const file = this.path('kubeconfigs', `${identity}.yaml`);
    writeAtomically(file, stringify(this.#describeAccess(identity)), 0o600);
    return file;
  }

  /** The same for a client in this process. */
  kubeConfig(identity: Identity): KubeConfig {
    const config = new KubeConfig();
    config.loadFromString(stringify(this.#describeAccess(identity)));
    return config;
  }

  /** What the API server reads: token, user, uid and groups of each identity. */
  writeTokens(): string {
    const file = this.path('tokens.csv');
    const lines = ALL_IDENTITIES.map(identity => {
      const { user, groups } = IDENTITIES[identity];
      return `${this.token(identity)},${user},${user},"${groups.join(',')}"\n`;
    });
    writeAtomically(file, lines.join(''), 0o600);
    return file;
  }

  #describeAccess(identity: Identity) {
    return {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'greenroom',
          cluster: {
            server: this.server,
            'certificate-authority': this.certificate('ca.crt'),
          },
        },
      ],
      users: [{ name: identity, user: { token: this.token(identity) } }],
      contexts: [
        {
          name: 'greenroom',
          context: { cluster: 'greenroom', user: identity },
        },
      ],
      'current-context': 'greenroom',
    };
  }

  #save(): void {
    writeAtomically(
      this.path('cluster.json'),
      `${JSON.stringify({ ports: this.#ports, tokens: this.#tokens }, undefined, 2)}\n`,
      0o600,
    );
  }

  #writeServiceAccountKey(): void {
    const file = this.certificate('service-accounts.key');
    if (fs.existsSync(file)) {
      return;
    }
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    writeAtomically(this.certificate('service-accounts.pub'), publicKey, 0o600);
    writeAtomically(file, privateKey, 0o600);
  }
}

function isOwnFolder(folder: string): boolean {
  const stat = folder
    ? fs.lstatSync(folder, { throwIfNoEntry: false })
    : undefined;
  return Boolean(
    stat?.isDirectory() &&
    stat.uid === process.getuid?.() &&
    (stat.mode & 0o077) === 0,
  );
}
