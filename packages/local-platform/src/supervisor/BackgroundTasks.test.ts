// SPDX-License-Identifier: Apache-2.0
import { PassThrough } from 'node:stream';
import { Steps } from '../../bootstrap/Steps.mjs';
import { BackgroundTasks } from './BackgroundTasks';
import { startProgressServer } from './startProgressServer';

describe('BackgroundTasks', () => {
  const make = () => {
    const stream = new PassThrough();
    let output = '';
    stream.on('data', chunk => (output += chunk));
    const steps = new Steps({ stream: stream as never });
    const tasks = new BackgroundTasks({ steps, logsDir: '/logs' });
    return { tasks, steps, output: () => output };
  };

  it('goes on when one fails, waits for those that begin meanwhile, and says what did not come', async () => {
    const { tasks, output } = make();
    const first = tasks.run({ id: 'a', title: 'First' }, async ({ report }) => {
      report({ detail: 'Kubernetes', step: 3, of: 5, minutesLeft: 4 });
      expect(tasks.progress[0]).toMatchObject({
        state: 'running',
        detail: 'Kubernetes',
        step: 3,
        of: 5,
        minutesLeft: 4,
      });
      await new Promise(resolve => setTimeout(resolve, 20));
      tasks.run({ id: 'c', title: 'Third' }, async () => {
        throw new Error('the disk is full');
      });
      report({ detail: 'there' });
      return 42;
    });
    const second = tasks.run({ id: 'b', title: 'Second' }, async () => {
      throw new Error('no memory');
    });
    expect(await tasks.finish()).toEqual(['Second', 'Third']);
    expect(await first).toBe(42);
    expect(await second).toBeUndefined();
    expect(tasks.progress).toMatchObject([
      { id: 'a', state: 'done', detail: 'there', step: undefined },
      { id: 'b', state: 'failed', detail: 'no memory' },
      { id: 'c', state: 'failed', detail: 'the disk is full' },
    ]);
    expect(output()).toMatch(/✓ First +there/);
    expect(output()).toMatch(/! Second: no memory\n.*Logs: \/logs/);
  });

  it('gives up when it is stopped, without a word', async () => {
    const { tasks, steps, output } = make();
    const end = tasks.run(
      { id: 'a', title: 'First' },
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    steps.stop();
    await tasks.stop();
    expect(await end).toBeUndefined();
    expect(output()).toBe('');
  });

  it('is told to whoever holds the token, and only under its own names', async () => {
    const { tasks } = make();
    await tasks.run({ id: 'a', title: 'First' }, async () => {});
    const token = 'a-token';
    const server = await startProgressServer({
      token,
      progress: () => tasks.progress,
    });
    try {
      const ask = (authorization: string) =>
        fetch(`http://127.0.0.1:${server.port}/`, {
          headers: { authorization },
        });
      const told = await ask(`Bearer ${token}`);
      expect(await told.json()).toMatchObject({
        items: [{ id: 'a', state: 'done' }],
      });
      for (const wrong of ['', 'Bearer', 'Bearer a-tokem', `Basic ${token}`]) {
        const refused = await ask(wrong);
        expect([refused.status, await refused.json()]).toEqual([401, {}]);
      }
    } finally {
      await server.stop();
    }
  });
});
