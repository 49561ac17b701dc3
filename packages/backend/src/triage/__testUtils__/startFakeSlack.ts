// SPDX-License-Identifier: Apache-2.0
import express from 'express';
import type { AddressInfo } from 'node:net';

/** Slack as far as triage uses it, over HTTP; keeps what is posted. */
export async function startFakeSlack() {
  const messages: unknown[] = [];
  const updates: Array<{ ts: string; text: string }> = [];
  const app = express();
  app.use(express.urlencoded({ extended: true, limit: '1mb' }));
  app.post('/api/conversations.history', (_req, res) => {
    res.json({ ok: true, messages: [] });
  });
  app.post('/api/chat.postMessage', (req, res) => {
    messages.push(req.body);
    res.json({ ok: true, channel: req.body.channel, ts: '1700000000.000100' });
  });
  app.post('/api/chat.update', (req, res) => {
    updates.push(req.body);
    res.json({ ok: true, channel: req.body.channel, ts: req.body.ts });
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/`,
    messages,
    /** What was posted before, as it is now. */
    updates,
    stop: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}
