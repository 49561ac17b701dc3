// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './createApp';
import { createForge } from './createForge';
import type { SiteWebhook } from './events/WebhookSender';
import { guardForge } from './http/guardForge';
import type { ForgeContext, ForgeModule } from './types';

/** A laptop's browser and jobs need some dozens. */
const MAX_CONNECTIONS = 1_000;

export interface StartForgeOptions {
  /** Folder of the database and the bare repositories; made if missing. */
  dataDir: string;
  /** 0 takes a free port. */
  port: number;
  /** Acts as `guest`, who is the site admin. */
  adminToken: string;
  organizations: string[];
  users: string[];
  /** What happens in any repository is told to it. */
  webhook?: SiteWebhook;
  logger: ForgeContext['logger'];
  modules: ForgeModule[];
}

export interface RunningForge {
  url: string;
  context: ForgeContext;
  stop(): Promise<void>;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** Starts forge; resolves when it answers. */
export async function startForge(
  options: StartForgeOptions,
): Promise<RunningForge> {
  // The port is part of every URL, so it is taken before anything is wired.
  const server = createServer({ connectionsCheckingInterval: 5_000 });
  server.maxConnections = MAX_CONNECTIONS;
  const port = await listen(server, options.port);
  const url = `http://localhost:${port}`;
  try {
    const forge = await createForge({ ...options, webUrl: url });
    const instances = options.modules.map(module => module.start(forge));
    const app = createApp(forge, instances, guardForge(server, options.logger));
    server.on('request', app);
    await forge.pushes.replay();
    return {
      url,
      context: forge,
      async stop() {
        for (const instance of instances) {
          await instance.stop?.();
        }
        await new Promise<void>(resolve => {
          server.close(() => resolve());
          server.closeAllConnections();
        });
        await forge.webhooks.stop();
        forge.db.close();
      },
    };
  } catch (error) {
    server.close();
    throw error;
  }
}
