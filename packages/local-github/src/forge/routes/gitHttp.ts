// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import path from 'node:path';
import { Router, type Request, type Response } from 'express';
import type { Forge } from '../Forge';
import { gitEnvironment } from '../git/git';
import { assertAccess } from '../http/access';
import { readToken } from '../http/authenticate';
import { MAX_PUSH_BYTES } from '../http/bodyLimits';
import { ApiError } from '../http/errors';
import { readCompressedBody } from '../http/readCompressedBody';
import { route } from '../http/route';
import type { RepositoryRecord } from '../stores/RepositoryStore';
import { isBot, type ForgeCaller } from '../types';

function refuse(res: Response, status: number, message: string): void {
  if (status === 401) {
    res.setHeader('WWW-Authenticate', 'Basic realm="GitHub"');
  }
  res.status(status).type('text/plain').send(`${message}\n`);
}

function authorize(
  forge: Forge,
  req: Request,
  service: string,
): { repository: RepositoryRecord; caller?: ForgeCaller } {
  const token = readToken(req);
  const caller = token === undefined ? undefined : forge.tokens.verify(token);
  if (token !== undefined && !caller) {
    throw new ApiError(401, 'Invalid username or token.');
  }
  const isPush = service === 'git-receive-pack';
  const repository = forge.repositories.find(
    req.params.owner,
    req.params.repo.replace(/\.git$/i, ''),
  );
  if (!caller && (isPush || !repository || repository.private)) {
    // As on GitHub, who is not known cannot tell a private repository from none.
    throw new ApiError(401, 'Authentication required');
  }
  if (!repository) {
    throw new ApiError(404, 'Repository not found.');
  }
  try {
    assertAccess(
      forge,
      caller,
      repository,
      'contents',
      isPush ? 'write' : 'read',
    );
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) {
      throw new ApiError(
        403,
        `Permission to ${repository.fullName}.git denied to ${caller?.login}.`,
      );
    }
    throw error instanceof ApiError
      ? new ApiError(error.status, 'Repository not found.')
      : error;
  }
  if (isPush && repository.archived) {
    throw new ApiError(403, 'This repository was archived so it is read-only.');
  }
  return { repository, caller };
}

/** Reads the head of a CGI answer; the rest of `buffer` is the start of its body. */
function parseCgiHead(buffer: Buffer) {
  const end = buffer.indexOf('\r\n\r\n');
  if (end < 0) {
    return undefined;
  }
  const headers = buffer
    .subarray(0, end)
    .toString('latin1')
    .split('\r\n')
    .map(line => {
      const colon = line.indexOf(':');
      return {
        name: line.slice(0, colon),
        value: line.slice(colon + 1).trim(),
      };
    });
  return { headers, body: buffer.subarray(end + 4) };
}

function runHttpBackend(
  forge: Forge,
  req: Request,
  res: Response,
  options: {
    repository: RepositoryRecord;
    login: string;
    pathInfo: string;
    journalFile: string;
    /** The request's body, where it is not to be read from the request. */
    body?: Buffer;
  },
): Promise<void> {
  const { gitDir } = options.repository;
  const child = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment({
        'core.hooksPath': forge.pushes.hooksDir,
        'http.getanyfile': 'false',
        'receive.fsckObjects': 'true',
        'receive.autogc': 'false',
        'receive.maxInputSize': String(MAX_PUSH_BYTES),
        'receive.hideRefs': 'refs/pull',
        'uploadpack.allowFilter': 'true',
        'uploadpack.allowAnySHA1InWant': 'true',
      }),
      GIT_PROJECT_ROOT: path.dirname(gitDir),
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${path.basename(gitDir)}/${options.pathInfo}`,
      REQUEST_METHOD: req.method,
      QUERY_STRING: new URL(req.originalUrl, 'http://localhost').search.slice(
        1,
      ),
      CONTENT_TYPE: req.get('content-type') ?? '',
      GIT_PROTOCOL: req.get('git-protocol') ?? '',
      REMOTE_USER: options.login,
      REMOTE_ADDR: '127.0.0.1',
      FORGE_PUSH_FILE: options.journalFile,
      ...(isBot(options.login) && { FORGE_KEEP_WORKFLOWS: '1' }),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    let isBody = false;
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (isBody) {
        if (!res.write(chunk)) {
          child.stdout.pause();
        }
        return;
      }
      head = Buffer.concat([head, chunk]);
      const parsed = parseCgiHead(head);
      if (!parsed) {
        return;
      }
      isBody = true;
      for (const { name, value } of parsed.headers) {
        if (name.toLowerCase() === 'status') {
          res.status(Number.parseInt(value, 10));
        } else {
          res.setHeader(name, value);
        }
      }
      res.write(parsed.body);
    });
    res.on('drain', () => child.stdout.resume());
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-2000);
    });
    child.stdin.on('error', () => {});
    child.on('error', reject);
    child.on('close', code => {
      if (code !== 0 && stderr) {
        forge.logger.warn(
          `git http-backend for ${options.repository.fullName}: ${stderr.trim()}`,
        );
      }
      if (isBody) {
        resolve();
      } else {
        reject(new Error(`git http-backend ended with ${code}`));
      }
    });
    if (options.body) {
      child.stdin.end(options.body);
    } else {
      req.pipe(child.stdin);
    }
    // A transfer that breaks off must leave git waiting neither for the rest nor for a reader.
    res.on('close', () => {
      if (!res.writableFinished) {
        child.stdin.destroy();
        child.stdout.removeAllListeners('data').resume();
      }
    });
  });
}

function handle(forge: Forge, pathInfo: string) {
  return route(async (req, res) => {
    const service =
      pathInfo === 'info/refs' ? String(req.query.service ?? '') : pathInfo;
    if (service !== 'git-upload-pack' && service !== 'git-receive-pack') {
      refuse(res, 403, 'Please upgrade your git client.');
      return;
    }
    let access;
    let body: Buffer | undefined;
    try {
      access = authorize(forge, req, service);
      body = await readCompressedBody(req);
    } catch (error) {
      if (error instanceof ApiError) {
        refuse(res, error.status, error.message);
        return;
      }
      throw error;
    }
    const { repository } = access;
    const login = access.caller?.login ?? '';
    const journalFile = forge.pushes.createJournalFile(repository, login);
    const run = () =>
      runHttpBackend(forge, req, res, {
        repository,
        login,
        pathInfo,
        journalFile,
        body,
      });
    if (pathInfo === 'git-receive-pack') {
      // One push at a time, and its events before its answer: who pushed finds the workflow run already there.
      await forge.withLock(repository, async () => {
        try {
          await run();
        } finally {
          await forge.pushes.finish(journalFile);
        }
      });
    } else {
      await run();
    }
    res.end();
  });
}

/** Smart HTTP: clone, fetch and push through git's own `git http-backend`. */
export function gitHttpRoutes(forge: Forge): Router {
  const router = Router();
  router.get('/:owner/:repo/info/refs', handle(forge, 'info/refs'));
  for (const service of ['git-upload-pack', 'git-receive-pack']) {
    router.post(`/:owner/:repo/${service}`, handle(forge, service));
  }
  return router;
}
