// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { JobState } from '../../execution/JobState';
import { GITHUB_REGISTRY } from '../../images/LocalRegistry';
import { withRegistry } from './withRegistry';

const configSchema = z.looseObject({
  auths: z.record(z.string(), z.looseObject({})).optional(),
});

/** As long as a job may take; the token does not end with its job as the GITHUB_TOKEN does. */
const TOKEN_SECONDS = 6 * 60 * 60;

/**
 * docker/login-action: who shows the job's token at ghcr.io gets one of the local registry for the images of this
 * repository, to push with if the job has `packages: write`.
 */
export const dockerLogin = withRegistry(
  async ({ inputs, state, log }, registry) => {
    const host = inputs.get('registry', 'docker.io');
    const username = inputs.required('username');
    const password = inputs.required('password');
    if (host !== GITHUB_REGISTRY) {
      return {
        skipped: `${host} has no stand-in on the local platform, which sends no image elsewhere; ${GITHUB_REGISTRY} has one`,
      };
    }
    if (password !== state.token) {
      throw new Error(
        `Error response from daemon: Get "https://${host}/v2/": denied: denied`,
      );
    }
    const { permissions, repository } = state.spec;
    const token = registry.issue(
      repository.fullName,
      permissions.packages === 'write',
      TOKEN_SECONDS,
    );
    state.masker.add(token);
    const auth = Buffer.from(`${username}:${token}`).toString('base64');
    state.masker.add(auth);
    log.write(
      `Logging into ${host}, for which the local registry stands in...`,
    );
    await change(state, auths => ({ ...auths, [host]: { auth } }));
    log.write('Login Succeeded!');
    return {
      post: async postLog => {
        if (inputs.boolean('logout', true)) {
          postLog.write(`Removing login credentials for ${host}`);
          await change(state, ({ [host]: _gone, ...rest }) => rest);
        }
      },
    };
  },
);

async function change(
  state: JobState,
  next: (auths: Record<string, object>) => Record<string, object>,
): Promise<void> {
  const folder = path.join(state.directories.home, '.docker');
  const file = state.files.writable(path.join(folder, 'config.json'));
  const config = existsSync(file)
    ? configSchema.parse(JSON.parse(state.files.read(file).toString('utf8')))
    : {};
  await mkdir(folder, { recursive: true });
  await writeFile(
    file,
    JSON.stringify({ ...config, auths: next(config.auths ?? {}) }),
    { mode: 0o600 },
  );
}
