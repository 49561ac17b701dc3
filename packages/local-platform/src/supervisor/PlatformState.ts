// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readJsonIfValid, writeAtomically } from '../../bootstrap/files.mjs';
import { tryLock } from '../../bootstrap/lock.mjs';
import { killRecordedParts } from '../../bootstrap/partRecords.mjs';
import { findFreePort, requireFreePort } from '../../bootstrap/ports.mjs';
import {
  alreadyRunning,
  instanceLock,
  readState,
  requireStateFolder,
  stateFile,
} from '../../bootstrap/state.mjs';
import { secureStateFolder } from '../../bootstrap/stateModes.mjs';

/** Where the parts listen. */
export interface Ports {
  portal: number;
  mlflow: number;
  forge: number;
}

const secretsSchema = z.object({
  /** Acts in forge as its admin `guest`; the portal's GitHub integration uses it. */
  forgeToken: z.string().min(20),
  /** By which the portal knows forge's webhooks. */
  webhookSecret: z.string().min(20),
});

/** What of a state folder never leaves this machine. */
export type PlatformSecrets = z.infer<typeof secretsSchema>;

/** The folder with all data, held by one running platform at a time. */
export class PlatformState {
  readonly dir: string;
  readonly ports: Ports;
  readonly secrets: PlatformSecrets;
  readonly #release: () => void;

  private constructor(options: {
    dir: string;
    ports: Ports;
    secrets: PlatformSecrets;
    release: () => void;
  }) {
    this.dir = options.dir;
    this.ports = options.ports;
    this.secrets = options.secrets;
    this.#release = options.release;
  }

  /**
   * Takes the folder for this process, ends what a killed platform left running, and settles the
   * ports. Those of MLflow and forge stay what they were, as URLs with them are in repositories.
   */
  static async open(options: {
    dir: string;
    portalPort: number;
  }): Promise<PlatformState> {
    const { dir, portalPort } = options;
    requireStateFolder(dir);
    // For this process and all that it starts: what is new is for this user only.
    process.umask(0o077);
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
    secureStateFolder(dir);
    const lock = tryLock(instanceLock(dir), {
      url: `http://localhost:${portalPort}`,
    });
    if (!('release' in lock)) {
      throw alreadyRunning(lock.owner, dir);
    }
    try {
      killRecordedParts(dir);
      const ports = await choosePorts(dir, portalPort);
      writeAtomically(
        stateFile(dir),
        `${JSON.stringify({ version: 1, ports }, undefined, 2)}\n`,
        0o600,
      );
      return new PlatformState({
        dir,
        ports,
        secrets: readOrMakeSecrets(dir),
        release: lock.release,
      });
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  path(...parts: string[]): string {
    return path.join(this.dir, ...parts);
  }

  close(): void {
    this.#release();
  }
}

async function choosePorts(dir: string, portal: number): Promise<Ports> {
  await requireFreePort(
    portal,
    'the portal',
    `End that program, or take another port: npm start -- --port ${portal < 60_000 ? portal + 1000 : 3000}`,
  );
  const kept = readState(dir)?.ports;
  if (kept) {
    for (const [name, port] of [
      ['MLflow', kept.mlflow],
      ['forge', kept.forge],
    ] as const) {
      await requireFreePort(
        port,
        name,
        'End that program: the data of this state folder refers to this port. Or forget the data: npm run reset',
      );
    }
    return { portal, mlflow: kept.mlflow, forge: kept.forge };
  }
  const mlflow = await findFreePort([portal + 1]);
  return { portal, mlflow, forge: await findFreePort([portal + 2]) };
}

function readOrMakeSecrets(dir: string): PlatformSecrets {
  const file = path.join(dir, 'secrets.json');
  const read = secretsSchema.safeParse(readJsonIfValid(file));
  if (read.success) {
    return read.data;
  }
  // What a state of an earlier version has stays: it is in clones on this machine.
  const kept = secretsSchema.partial().safeParse(readJsonIfValid(file));
  const made: PlatformSecrets = {
    forgeToken: `ghp_${randomBytes(18).toString('hex')}`,
    webhookSecret: randomBytes(32).toString('hex'),
    ...kept.data,
  };
  writeAtomically(file, `${JSON.stringify(made)}\n`, 0o600);
  return made;
}
