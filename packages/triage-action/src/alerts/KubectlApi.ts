// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { CustomErrorBase } from '@backstage/errors';
import type {
  KubernetesApi,
  KubernetesRequest,
} from '@greenroom/plugin-triage-node';

const MAX_JSON_BYTES = 16 * 1024 * 1024;
const MAX_SAID = 4_096;
const STATUS: Record<string, number> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
};

/** Why kubectl gave no answer; without the server's address. */
class KubectlError extends CustomErrorBase {
  readonly name = 'KubectlError' as const;
  readonly status?: number;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

/** What kubectl printed, for people. */
function toError(said: string): KubectlError {
  const [, reason, words] =
    /^Error from server(?: \((\w{1,40})\))?: ([^\n]{1,300})/m.exec(said) ?? [];
  return words
    ? new KubectlError(words, STATUS[reason ?? ''])
    : new KubectlError(
        'The cluster does not answer, or kubectl cannot sign in',
      );
}

/**
 * A cluster as kubectl reaches it, by the kubeconfig that the job has: each way to sign
 * in works that works on a terminal. Only reads (`get --raw`), and no shell is between.
 */
export class KubectlApi implements KubernetesApi {
  readonly #env: NodeJS.ProcessEnv;
  readonly #cache: string;

  /** @param cache - a folder for what kubectl keeps: answers, too, which are not for the runner */
  constructor(env: NodeJS.ProcessEnv, cache: string) {
    this.#cache = cache;
    // A plugin that signs in needs none of the action's inputs.
    this.#env = Object.fromEntries(
      Object.entries(env).filter(([name]) => !name.startsWith('INPUT_')),
    );
  }

  async getJson(request: KubernetesRequest): Promise<unknown> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of this.#read(request)) {
      parts.push(part);
      size += part.length;
      if (size > MAX_JSON_BYTES) {
        throw new KubectlError(
          `The answer has more than ${MAX_JSON_BYTES} bytes`,
        );
      }
    }
    try {
      return JSON.parse(Buffer.concat(parts).toString('utf8'));
    } catch {
      throw new KubectlError('The cluster answers something else than JSON');
    }
  }

  async open(request: KubernetesRequest): Promise<AsyncIterable<Uint8Array>> {
    return this.#read(request);
  }

  async *#read({
    path,
    query = {},
    signal,
  }: KubernetesRequest): AsyncGenerator<Uint8Array> {
    const search = new URLSearchParams(
      Object.entries(query).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)]],
      ),
    );
    const uri = search.size > 0 ? `${path}?${search}` : path;
    const options = ['--raw', uri, '--cache-dir', this.#cache];
    const child = spawn('kubectl', ['get', ...options], {
      env: this.#env,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, MAX_SAID);
    });
    const ended = new Promise<number | null | 'not started'>(resolve => {
      child.once('error', () => resolve('not started')).once('close', resolve);
    });
    try {
      for await (const part of child.stdout) {
        yield part;
      }
      const code = await ended;
      signal?.throwIfAborted();
      if (code === 'not started') {
        throw new KubectlError('This runner has no kubectl');
      }
      if (code !== 0) {
        throw toError(said);
      }
    } finally {
      child.kill();
    }
  }
}
