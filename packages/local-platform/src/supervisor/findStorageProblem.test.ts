// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { forgeAnswers, forgeProcess } from '@greenroom/local-github';
import Sqlite from 'better-sqlite3';
import { Problem } from '../../bootstrap/Problem.mjs';
import { findFreePort } from '../../bootstrap/ports.mjs';
import { mlflowAnswers, mlflowProcess } from '../mlflow/mlflowProcess';
import { getPythonEnvironment } from '../testing';
import { findStorageProblem } from './findStorageProblem';
import { Part } from './Part';

jest.setTimeout(240_000);

/** Whether this user may make a small disk. */
function canMount(): boolean {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], {
      stdio: 'ignore',
    });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const describeOnSmallDisk = canMount() ? describe : describe.skip;

let stateDir: string;
let port: number;
const parts: Part[] = [];
const cleanUps: Array<() => void> = [];

beforeEach(async () => {
  stateDir = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-storage-'));
  port = await findFreePort();
});

afterEach(async () => {
  await Promise.all(parts.splice(0).map(part => part.stop()));
  cleanUps.splice(0).forEach(cleanUp => cleanUp());
  fs.rmSync(stateDir, { recursive: true, force: true });
});

const makePart = (
  options: Pick<ConstructorParameters<typeof Part>[0], 'id' | 'spec' | 'check'>,
) => {
  const part = new Part({
    timeoutMs: 120_000,
    stateDir,
    tell: () => {},
    backoffMs: [10],
    ...options,
  });
  parts.push(part);
  return part;
};

const TOKEN = 'ghp_0123456789012345678901234567890123';

const forgePart = () =>
  makePart({
    id: 'forge',
    spec: () =>
      forgeProcess(
        {
          dataDir: path.join(stateDir, 'forge'),
          port,
          adminToken: TOKEN,
          organizations: ['acme'],
          users: ['guest'],
        },
        path.join(os.tmpdir(), `greenroom-forge-${port}.log`),
      ),
    check: signal => forgeAnswers(port, TOKEN, signal),
  });

const mlflowPart = (python: string) =>
  makePart({
    id: 'mlflow',
    spec: () =>
      mlflowProcess({
        python,
        dataDir: path.join(stateDir, 'mlflow'),
        port,
        logFile: path.join(stateDir, 'logs', 'mlflow.log'),
      }),
    check: signal => mlflowAnswers(port, signal),
  });

const writeDatabase = (file: string) => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const database = new Sqlite(file);
  database.exec('CREATE TABLE t (x TEXT); CREATE INDEX i ON t (x);');
  const insert = database.prepare('INSERT INTO t VALUES (?)');
  database.transaction(() => {
    for (let i = 0; i < 500; i++) {
      insert.run(randomBytes(40).toString('hex'));
    }
  })();
  database.close();
};

const mount = (size: string) => {
  execFileSync('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${size}`,
    'tmpfs',
    stateDir,
  ]);
  const folder = stateDir;
  cleanUps.push(() => execFileSync('umount', ['-l', folder]));
};

describe('before a start', () => {
  it('sound databases are no problem, whether they are empty, new or in use', () => {
    expect(findStorageProblem(stateDir)).toBeUndefined();
    for (const name of ['forge/forge.db', 'backstage/catalog.sqlite']) {
      writeDatabase(path.join(stateDir, name));
    }
    fs.mkdirSync(path.join(stateDir, 'mlflow'));
    fs.writeFileSync(path.join(stateDir, 'mlflow', 'mlflow.db'), '');
    const open = new Sqlite(path.join(stateDir, 'forge/forge.db'));
    open.exec('BEGIN EXCLUSIVE');
    expect(findStorageProblem(stateDir)).toBeUndefined();
    open.close();
  });

  it.each(['forge/forge.db', 'mlflow/mlflow.db', 'backstage/catalog.sqlite'])(
    'a damaged %s is named, with the way out',
    name => {
      const file = path.join(stateDir, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      // head -c 5000 /dev/urandom
      fs.writeFileSync(file, randomBytes(5000));
      const problem = findStorageProblem(stateDir);
      expect(problem?.format()).toContain(
        `The database ${file} is damaged: file is not a database.`,
      );
      expect(problem?.format()).toContain(
        `npm run reset -- --state ${stateDir}`,
      );
    },
  );

  it('damage behind the head is found, too, and a file cut short', () => {
    const file = path.join(stateDir, 'forge', 'forge.db');
    writeDatabase(file);
    const handle = fs.openSync(file, 'r+');
    fs.writeSync(handle, randomBytes(4096), 0, 4096, 8192);
    fs.closeSync(handle);
    expect(findStorageProblem(stateDir)?.message).toContain(
      `The database ${file} is damaged: `,
    );
    writeDatabase(path.join(stateDir, 'forge', 'cut.db'));
    fs.rmSync(file);
    fs.truncateSync(path.join(stateDir, 'forge', 'cut.db'), 9000);
    expect(findStorageProblem(stateDir)?.message).toContain(
      'cut.db is damaged',
    );
  });
});

describe('a part that ends for its database', () => {
  it('forge: of a newer version', async () => {
    const file = path.join(stateDir, 'forge', 'forge.db');
    writeDatabase(file);
    const database = new Sqlite(file);
    database.pragma('user_version = 999');
    database.close();
    const problem = await forgePart()
      .start()
      .catch((error: Problem) => error);
    expect(problem?.format()).toContain(
      `The database ${file} was written by a newer version`,
    );
    expect(problem?.format()).toContain('schema 999; this one knows');
  });

  it('forge: damaged while it ran', async () => {
    const part = forgePart();
    await part.start();
    const file = path.join(stateDir, 'forge', 'forge.db');
    for (const name of fs.readdirSync(path.dirname(file))) {
      if (name.startsWith('forge.db')) {
        fs.writeFileSync(
          path.join(path.dirname(file), name),
          randomBytes(5000),
        );
      }
    }
    const [{ pid }] = JSON.parse(
      fs.readFileSync(path.join(stateDir, 'run', 'forge.json'), 'utf8'),
    );
    process.kill(pid, 'SIGKILL');
    expect((await part.failed).message).toContain(
      `The database ${file} is damaged: `,
    );
  });

  it('MLflow: of a newer version', async () => {
    const python = await getPythonEnvironment();
    const part = mlflowPart(python);
    await part.start();
    await part.stop();
    const file = path.join(stateDir, 'mlflow', 'mlflow.db');
    const database = new Sqlite(file);
    database.exec("UPDATE alembic_version SET version_num = 'ffffffffffff'");
    database.close();
    const problem = await mlflowPart(python)
      .start()
      .catch((error: Problem) => error);
    expect(problem?.format()).toContain(
      `The database ${file} was written by a newer version`,
    );
    expect(problem?.format()).toContain('npm run reset');
  });
});

describeOnSmallDisk('on a small disk', () => {
  it('a full disk is named, with what is free', () => {
    mount('1m');
    const problem = findStorageProblem(stateDir);
    expect(problem?.message).toMatch(
      /^The disk is full: [01] MB are free where .*, and 50 MB are needed\.$/,
    );
    expect(problem?.message).toContain(stateDir);
  });

  it('forge says that it is full, or read-only', async () => {
    mount('1m');
    fs.mkdirSync(path.join(stateDir, 'forge'));
    fs.writeFileSync(
      path.join(stateDir, 'filler'),
      Buffer.alloc(1024 ** 2 - 40 * 1024),
    );
    const full = await forgePart()
      .start()
      .catch((error: Problem) => error);
    expect(full?.format()).toMatch(/The disk is full: 0 MB are free where/);
    expect(full?.format()).toContain(stateDir);
    await parts.splice(0)[0].stop();

    fs.rmSync(path.join(stateDir, 'filler'));
    fs.mkdirSync(path.join(stateDir, 'run'), { recursive: true });
    execFileSync('mount', ['-o', 'remount,size=80m', stateDir]);
    await forgePart().start();
    await parts.splice(0)[0].stop();
    const read = path.join(stateDir, 'forge');
    execFileSync('mount', ['--bind', read, read]);
    execFileSync('mount', ['-o', 'remount,ro,bind', read]);
    cleanUps.unshift(() => execFileSync('umount', ['-l', read]));
    const problem = await forgePart()
      .start()
      .catch((error: Problem) => error);
    expect(problem?.format()).toContain(
      path.join(stateDir, 'forge', 'forge.db'),
    );
    expect(problem?.format()).toMatch(/cannot be written/);
  });
});
