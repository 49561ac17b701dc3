// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import os from 'node:os';

/** git ended with an exit code that the caller did not expect. */
export class GitError extends Error {
  readonly args: readonly string[];
  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(
    args: readonly string[],
    exitCode: number | null,
    stderr: string,
  ) {
    super(`git ${args[0]} failed (${exitCode}): ${stderr.trim()}`);
    this.args = args;
    this.exitCode = exitCode;
    this.stderr = stderr;
    this.name = 'GitError';
  }
}

export interface GitOptions {
  input?: string | Buffer;
  env?: Record<string, string>;
  /** Exit codes that are answers rather than failures; 0 always is. */
  okCodes?: number[];
  /** Output beyond this many bytes is an error. */
  maxBytes?: number;
}

const MAX_OUTPUT = 128 * 1024 * 1024;
const MAX_STDERR = 64 * 1024;

/**
 * The environment that git runs in: nothing of the person's own configuration, hooks or credentials, and no prompts.
 */
export function gitEnvironment(
  config: Record<string, string> = {},
): Record<string, string> {
  const settings = Object.entries({
    'safe.directory': '*',
    'gc.auto': '0',
    'core.quotePath': 'false',
    ...config,
  });
  return {
    PATH: process.env.PATH ?? '',
    ...(process.env.SYSTEMROOT && { SYSTEMROOT: process.env.SYSTEMROOT }),
    HOME: os.tmpdir(),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: os.devNull,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

/**
 * Runs git in a bare repository, without a shell. Callers put names that come from outside behind
 * `--end-of-options`, after a `refs/…` prefix, or on stdin, so that none is read as an option.
 */
export function git(
  gitDir: string,
  args: string[],
  options: GitOptions = {},
): Promise<{ stdout: Buffer; exitCode: number }> {
  const maxBytes = options.maxBytes ?? MAX_OUTPUT;
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, {
      cwd: gitDir,
      env: { ...gitEnvironment(), GIT_DIR: gitDir, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const output: Buffer[] = [];
    let bytes = 0;
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        child.kill('SIGKILL');
        return;
      }
      output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < MAX_STDERR) {
        stderr += chunk.toString('utf8');
      }
    });
    // A git that ends before it has read everything closes the pipe; its exit code tells why.
    child.stdin.on('error', () => {});
    child.on('error', reject);
    child.on('close', code => {
      if (bytes > maxBytes) {
        reject(new GitError(args, code, `output exceeds ${maxBytes} bytes`));
      } else if (
        code === 0 ||
        (code !== null && options.okCodes?.includes(code))
      ) {
        resolve({ stdout: Buffer.concat(output), exitCode: code });
      } else {
        reject(new GitError(args, code, stderr));
      }
    });
    child.stdin.end(options.input);
  });
}

/** What git printed, as text without the last line break. */
export async function gitText(
  gitDir: string,
  args: string[],
  options: GitOptions = {},
): Promise<string> {
  const { stdout } = await git(gitDir, args, options);
  return stdout.toString('utf8').replace(/\n$/, '');
}
