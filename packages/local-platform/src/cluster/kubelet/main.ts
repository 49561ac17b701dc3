// SPDX-License-Identifier: Apache-2.0
import { createInterface } from 'node:readline';
import { createImageStore } from './createImageStore';
import { Kubelet } from './Kubelet';
import { kubeletOptionsSchema } from './kubeletOptions';
import { startReaper } from './startReaper';

const log = (message: string) =>
  process.stderr.write(`${new Date().toISOString()} ${message}\n`);

// The kubelet's process. Its options are one line of JSON on stdin, since every process's arguments can be read. It ends
// with its parent: on SIGTERM, and when the parent's end of stdin closes.
async function main(): Promise<void> {
  process.umask(0o077);
  const lines = createInterface({ input: process.stdin });
  const line = await new Promise<string>(resolve =>
    lines.once('line', resolve),
  );
  const options = kubeletOptionsSchema.parse(JSON.parse(line));
  const stopReaper = startReaper(options.rootDir, options.adoptionMs);
  const kubelet = new Kubelet(options, createImageStore(options.images), log);
  let stopping = false;
  const stop = () => {
    if (stopping) {
      return;
    }
    stopping = true;
    kubelet.stop().then(
      () => {
        stopReaper();
        process.exit(0);
      },
      error => {
        log(String(error));
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  lines.on('close', stop);
  await kubelet.start();
  log(`node ${options.nodeName} is registered`);
}

main().catch(error => {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});
