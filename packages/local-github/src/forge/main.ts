// SPDX-License-Identifier: Apache-2.0
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { startRunner } from '../runner/startRunner';
import { startForge } from './startForge';

const optionsSchema = z.object({
  dataDir: z.string(),
  port: z.number(),
  adminToken: z.string(),
  organizations: z.array(z.string()),
  users: z.array(z.string()),
  webhook: z
    .object({
      url: z.string(),
      secret: z.string(),
      events: z.array(z.string()),
    })
    .optional(),
  // Without it there are no Actions.
  runner: z
    .object({
      workDir: z.string(),
      cacheDir: z.string(),
      uv: z.string(),
      python: z.string().optional(),
      hiddenDirs: z.array(z.string()).optional(),
      isolation: z
        .array(z.enum(['bubblewrap', 'namespaces', 'landlock', 'none']))
        .optional(),
      maxJobs: z.number().int().min(0).optional(),
      registry: z
        .object({ url: z.string(), signingKey: z.string() })
        .optional(),
      apps: z
        .array(
          z.object({
            clientId: z.string(),
            slug: z.string(),
            publicKey: z.string(),
            repositories: z.array(z.string()),
            permissions: z.record(z.string(), z.enum(['read', 'write'])),
          }),
        )
        .optional(),
      organizations: z
        .record(
          z.string(),
          z.object({
            variables: z.record(z.string(), z.string()).optional(),
            secrets: z.record(z.string(), z.string()).optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});

const logger = {
  info: (message: string) => process.stderr.write(`info ${message}\n`),
  warn: (message: string) => process.stderr.write(`warn ${message}\n`),
  error: (message: string) => process.stderr.write(`error ${message}\n`),
};

// The process of forge and runner. Its options are one line of JSON on stdin:
// they hold a token, and jobs can read every process's arguments. It ends with
// its parent: on SIGTERM, and when the parent's end of stdin closes.
async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  const line = await new Promise<string>(resolve =>
    lines.once('line', resolve),
  );
  const { runner, ...options } = optionsSchema.parse(JSON.parse(line));
  const forge = await startForge({
    ...options,
    logger,
    modules: runner
      ? [{ start: context => startRunner(context, { ...runner, logger }) }]
      : [],
  });
  let stopping = false;
  const stop = () => {
    if (stopping) {
      return;
    }
    stopping = true;
    forge.stop().then(
      () => process.exit(0),
      error => {
        logger.error(String(error));
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  lines.on('close', stop);
  process.stdout.write(`${JSON.stringify({ ready: true, url: forge.url })}\n`);
}

main().catch(error => {
  logger.error(
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
  process.exit(1);
});
