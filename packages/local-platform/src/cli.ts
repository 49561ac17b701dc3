// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { z } from 'zod';
import { Problem, reportFailure } from '../bootstrap/Problem.mjs';
import { Steps } from '../bootstrap/Steps.mjs';
import { keepRecords, killRunning } from '../bootstrap/processes.mjs';
import { startPlatform } from './supervisor/startPlatform';

const requestSchema = z.object({
  command: z.enum(['start', 'dev']),
  root: z.string(),
  stateDir: z.string(),
  port: z.number().int(),
  demo: z.boolean(),
  cluster: z.boolean(),
  monitoring: z.boolean(),
  kubeconfig: z.string().optional(),
  wait: z.boolean(),
  cacheDir: z.string(),
  uv: z.string(),
  python: z.string(),
});

/** A second Ctrl-C this soon is the same one, handed on by npm and the terminal. */
const SAME_SIGNAL_MS = 1000;

/** Settles when somebody asks this process to end; asking twice ends it at once. */
function listenForStop(): Promise<string> {
  let first = 0;
  return new Promise(resolve => {
    const ask = (reason: string) => {
      if (first && Date.now() - first > SAME_SIGNAL_MS) {
        killRunning();
        process.exit(130);
      }
      first ||= Date.now();
      resolve(reason);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => ask(signal));
    }
    process.on('message', message => {
      const stop = z.object({ stop: z.string() }).safeParse(message);
      if (stop.success) {
        ask(stop.data.stop);
      }
    });
    // The first half of the start was killed.
    process.on('disconnect', () => resolve('disconnect'));
  });
}

async function main(): Promise<number> {
  const { command, wait, ...request } = requestSchema.parse(
    JSON.parse(process.argv[2] ?? '{}'),
  );
  // What is built in the background is ended by the next start if we are killed.
  keepRecords(path.join(request.cacheDir, 'run'));
  const steps = new Steps();
  const abort = new AbortController();
  const asked = listenForStop().then(reason => {
    abort.abort(new Error('stopped'));
    return reason;
  });
  try {
    const platform = await startPlatform({
      ...request,
      hotReload: command === 'dev',
      steps,
      signal: abort.signal,
    });
    const ended = Promise.race([asked, platform.failed]);
    const failures = wait
      ? await Promise.race([ended, platform.finishBackground()])
      : [];
    if (Array.isArray(failures)) {
      if (failures.length > 0) {
        await platform.stop();
        return reportFailure(
          new Problem(
            `This did not come: ${failures.join(', ')}.`,
            'Why is said above. Without --wait, Greenroom goes on without it.',
          ),
        );
      }
      steps.note(`\nGreenroom is ready: ${platform.url}`);
    }
    const end = await ended;
    steps.stop();
    if (typeof end === 'string') {
      process.stdout.write('\nStopping …\n');
    } else {
      reportFailure(end);
    }
    await platform.stop();
    return typeof end === 'string' ? 0 : 1;
  } catch (error) {
    steps.stop();
    if (abort.signal.aborted) {
      process.stderr.write('\nStopped before it was ready.\n');
      return (await asked) === 'SIGINT' ? 130 : 143;
    }
    return reportFailure(error);
  }
}

main().then(
  code => process.exit(code),
  error => process.exit(reportFailure(error)),
);
