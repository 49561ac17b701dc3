// SPDX-License-Identifier: Apache-2.0
import { ServerResponse } from 'node:http';
import { z } from 'zod';
import { Container } from './Container';
import { LogLine } from './ContainerLog';
import { LineSender } from './LineSender';
import { readLog } from './readLog';

const flag = z
  .enum(['true', 'false', '1', '0', ''])
  .transform(value => value === 'true' || value === '1')
  .optional();
const count = z.coerce.number().int().nonnegative().optional();

const querySchema = z.object({
  follow: flag,
  previous: flag,
  timestamps: flag,
  sinceSeconds: count,
  sinceTime: z.iso.datetime({ offset: true }).optional(),
  tailLines: count,
  limitBytes: count,
});

/** Answers with the log of a container, as the kubelet's `/containerLogs` does. */
export async function sendLog(
  podName: string,
  container: Container,
  params: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const { data: query, error } = querySchema.safeParse(
    Object.fromEntries(params),
  );
  if (!query) {
    const [issue] = error.issues;
    response
      .writeHead(422)
      .end(`Invalid value: ${issue.path.join('.')}: ${issue.message}\n`);
    return;
  }
  const { name } = container.spec;
  const current = container.log;
  const file = query.previous ? container.previousLogFile : current?.file;
  if (!file) {
    const why = query.previous
      ? `previous terminated container "${name}" in pod "${podName}" not found`
      : `container "${name}" in pod "${podName}" is waiting to start: ${container.status.state?.waiting?.reason ?? 'unknown'}`;
    response.writeHead(400).end(`${why}\n`);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  const sender = new LineSender(
    response,
    query.timestamps ?? false,
    query.limitBytes ?? Infinity,
  );
  const early: LogLine[] = [];
  let take = (line: LogLine) => {
    early.push(line);
  };
  const follow = query.follow && !query.previous && current && !current.ended;
  const unfollow = follow
    ? current.follow(
        line => take(line),
        () => response.end(),
      )
    : undefined;
  response.on('close', () => unfollow?.());
  const lines = await readLog(file, {
    since: startOf(query),
    tailLines: query.tailLines,
  });
  [...lines, ...early].forEach(line => sender.send(line));
  take = line => sender.send(line);
  if (!follow || current.ended) {
    response.end();
  }
}

/** In ms since the epoch. */
function startOf(query: z.infer<typeof querySchema>): number | undefined {
  if (query.sinceTime) {
    return Date.parse(query.sinceTime);
  }
  return query.sinceSeconds === undefined
    ? undefined
    : Date.now() - query.sinceSeconds * 1000;
}
