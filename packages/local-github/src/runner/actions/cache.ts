// SPDX-License-Identifier: Apache-2.0
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { glob } from 'tinyglobby';
import type {
  ActionInvocation,
  ActionResult,
  MappedAction,
} from '../execution/stepTypes';
import type { StepLog } from '../execution/StepLog';

interface CacheKey {
  version: string;
  key: string;
  patterns: string[];
}

/** actions/cache: restores now, saves after a job that succeeded if there was no exact hit. */
export const cache: MappedAction = async invocation => {
  const restored = await restore(invocation);
  const hit = restored.outputs?.['cache-hit'] === 'true';
  return {
    ...restored,
    post: async log => {
      if (invocation.state.status !== 'success') {
        return;
      }
      if (hit) {
        log.write(
          `Cache hit occurred on the primary key ${invocation.inputs.get('key')}, not saving cache.`,
        );
        return;
      }
      await save(invocation, log);
    },
  };
};

/** actions/cache/restore. */
export const cacheRestore: MappedAction = invocation => restore(invocation);

/** actions/cache/save. */
export const cacheSave: MappedAction = async invocation => {
  await save(invocation, invocation.log);
  return {};
};

async function restore(invocation: ActionInvocation): Promise<ActionResult> {
  const { inputs, state, log } = invocation;
  const { repository, run, contexts } = state.spec;
  const { key, version } = readKey(invocation);
  const base = String(contexts.github.base_ref ?? '');
  const found = state.services.store.caches.find(
    repository.id,
    [
      run.ref,
      ...(base ? [`refs/heads/${base}`] : []),
      `refs/heads/${repository.defaultBranch}`,
    ],
    version,
    [key, ...inputs.lines('restore-keys')],
  );
  const outputs = {
    'cache-primary-key': key,
    'cache-matched-key': found?.key ?? '',
    'cache-hit': found ? String(found.key === key) : '',
  };
  if (!found) {
    if (inputs.boolean('fail-on-cache-miss', false)) {
      throw new Error(
        `Failed to restore cache entry. Exiting as fail-on-cache-miss is set. Input key: ${key}`,
      );
    }
    log.write(
      `Cache not found for input keys: ${[key, ...inputs.lines('restore-keys')].join(', ')}`,
    );
    return { outputs };
  }
  if (!inputs.boolean('lookup-only', false)) {
    // The runner's own folder is not there for a job.
    const archive = temporaryArchive(invocation);
    await copyFile(found.file, archive);
    const code = await invocation.exec('tar', [
      '-xzPf',
      archive,
      '-C',
      state.directories.workspace,
    ]);
    await rm(archive, { force: true });
    if (code !== 0) {
      throw new Error(`tar failed with exit code ${code}`);
    }
  }
  log.write(`Cache restored from key: ${found.key}`);
  return { outputs };
}

async function save(invocation: ActionInvocation, log: StepLog): Promise<void> {
  const { state } = invocation;
  const { workspace } = state.directories;
  const { key, version, patterns } = readKey(invocation);
  const paths = await existing(workspace, patterns);
  if (paths.length === 0) {
    log.warning(
      'Path Validation Error: Path(s) specified in the action for caching do(es) not exist, hence no cache is being saved.',
    );
    return;
  }
  const saved = await state.services.store.caches.add(
    {
      repositoryId: state.spec.repository.id,
      ref: state.spec.run.ref,
      key,
      version,
    },
    async file => {
      const archive = temporaryArchive(invocation);
      const code = await invocation.exec('tar', [
        '-czPf',
        archive,
        '-C',
        workspace,
        '--',
        ...paths,
      ]);
      if (code !== 0) {
        throw new Error(`tar failed with exit code ${code}`);
      }
      await pipeline(
        createReadStream(archive, { fd: state.files.open(archive) }),
        createWriteStream(file),
      );
      await rm(archive, { force: true });
    },
  );
  log.write(
    saved
      ? `Cache saved with key: ${key}`
      : `Failed to save: Unable to reserve cache with key ${key}, another job may be creating this cache.`,
  );
}

function temporaryArchive({ state }: ActionInvocation): string {
  return path.join(
    state.files.writable(state.directories.temp),
    `${randomUUID()}.tar.gz`,
  );
}

/** Paths are kept relative to the workspace, which stands at the same place in every job's folder. */
function readKey({ inputs, state }: ActionInvocation): CacheKey {
  const key = inputs.required('key');
  if (key.length > 512 || key.includes(',')) {
    throw new Error(
      `Key Validation Error: ${key} cannot be larger than 512 characters or contain commas.`,
    );
  }
  inputs.required('path');
  const { workspace, home } = state.directories;
  const patterns = inputs.lines('path').map(pattern => {
    const bare = pattern.replace(/^!/, '');
    const absolute = path.resolve(workspace, bare.replace(/^~(?=\/|$)/, home));
    return (
      (pattern.startsWith('!') ? '!' : '') + path.relative(workspace, absolute)
    );
  });
  return {
    key,
    patterns,
    version: createHash('sha256').update(patterns.join('\n')).digest('hex'),
  };
}

async function existing(
  workspace: string,
  patterns: string[],
): Promise<string[]> {
  if (!patterns.some(pattern => /[*?[\]!]/.test(pattern))) {
    return patterns.filter(pattern =>
      existsSync(path.resolve(workspace, pattern)),
    );
  }
  const files = await glob({
    patterns,
    cwd: workspace,
    dot: true,
    absolute: true,
    followSymbolicLinks: false,
  });
  return files.map(file => path.relative(workspace, file)).sort();
}
