// SPDX-License-Identifier: Apache-2.0

// A platform of stand-ins in a process of its own, for tests that kill it:
// node --import tsx standInPlatform.ts '{"dir":…,"port":…,"servers":[…]}'
import { Part } from '../Part';
import { PlatformState } from '../PlatformState';
import { StandInOptions, standInServer } from './standInServer';

interface Request {
  dir: string;
  port: number;
  servers: StandInOptions[];
}

async function main() {
  const request: Request = JSON.parse(process.argv[2]);
  const state = await PlatformState.open({
    dir: request.dir,
    portalPort: request.port,
  });
  for (const [index, server] of request.servers.entries()) {
    await new Part({
      id: `part-${index}`,
      spec: () => standInServer(server),
      check: async signal =>
        (await fetch(`http://127.0.0.1:${server.port}`, { signal })).ok,
      timeoutMs: 20_000,
      stateDir: state.dir,
      tell: message => process.stdout.write(`${message}\n`),
    }).start();
  }
  process.stdout.write('ready\n');
}

main().catch(error => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
