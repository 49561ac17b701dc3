// SPDX-License-Identifier: Apache-2.0
import type { Situation } from '../facts/types';
import { at, textsAt } from '../read/json';
import { distinct, lineEvidence, linesLike, ownRollouts } from './helpers';
import type { Candidate } from './types';

/** Servers by what they run, and after how many idle seconds they close by default. */
const SERVERS: Array<
  [name: string, pattern: RegExp, seconds: number, flag: RegExp, fix: string]
> = [
  [
    'uvicorn',
    /uvicorn/i,
    5,
    /timeout[-_]keep[-_]alive[= ](\d{1,4})|UVICORN_TIMEOUT_KEEP_ALIVE\W{1,20}(\d{1,4})/i,
    '--timeout-keep-alive (UVICORN_TIMEOUT_KEEP_ALIVE)',
  ],
  ['gunicorn', /gunicorn/i, 2, /keep-?alive[= :](\d{1,4})/i, '--keep-alive'],
  ['hypercorn', /hypercorn/i, 5, /keep[-_]alive[= ](\d{1,4})/i, '--keep-alive'],
  [
    'Node.js',
    /\bnode(?:js)?\b|express|fastify/i,
    5,
    /keepAliveTimeout\W{1,10}(\d{1,7})/i,
    'server.keepAliveTimeout',
  ],
];
const RESET =
  /Connection reset by peer\)? while reading response header|upstream prematurely closed connection|\b(?:response_flags|flags)\W{1,4}UC\b|upstream_reset_before_response_started\{connection_termination\}|socket hang up|reset reason: connection termination/;

/** Idle connections that the server closes before the proxy does. */
export function keepAliveCauses(situation: Situation): Candidate[] {
  const [reset] = linesLike(situation, RESET);
  const subject = situation.containers.filter(
    ({ isOfSubject, restarts }) => isOfSubject && restarts === 0,
  );
  const text = JSON.stringify([
    ...subject.map(({ spec, image }) => [
      image,
      at(spec, 'env'),
      textsAt(spec, 'command').join(' '),
      textsAt(spec, 'args').join(' '),
    ]),
    situation.groups
      .filter(({ isOfSubject }) => isOfSubject)
      .slice(0, 40)
      .map(({ line }) => line.text.slice(0, 200)),
  ]);
  const server = SERVERS.find(([, pattern]) => pattern.test(text));
  if (!reset || !server || subject.length === 0) {
    return [];
  }
  // Workers that come and go close connections, too.
  const restarts = situation.groups.some(
    ({ isOfSubject, line, before, count }) =>
      isOfSubject &&
      count >= 3 &&
      before < count / 2 &&
      /[Rr]estarting worker|Worker exiting|worker exiting|Booting worker/.test(
        line.text,
      ),
  );
  const [rollout] = ownRollouts(situation);
  const isNew =
    rollout !== undefined && situation.onset - rollout.at < 25 * 60_000;
  const [name, , seconds, flag, fix] = server;
  const own = flag.exec(text)?.slice(1).find(Boolean);
  const proxied =
    situation.objects.flatMap(each =>
      situation.document.find(each, 'keepalive-timeout'),
    )[0] ??
    situation.objects.flatMap(each =>
      situation.document.find(each, 'idle_timeout'),
    )[0];
  const proxy =
    /(?:timeout|idle_timeout[\w.]{0,20})=(\d{1,4})/.exec(
      proxied?.quote ?? '',
    )?.[1] ?? '60';
  const where = /nginx/i.test(`${reset.log.pod} ${situation.text}`)
    ? 'nginx ingress'
    : 'proxy';
  return [
    {
      rule: 'keep-alive-race',
      type: 'network',
      score: 8 - (restarts ? 4 : 0) - (isNew ? 1.5 : 0),
      isProven: Number(own ?? seconds) < Number(proxy),
      statement: `Keep-alive race: ${name} closes idle connections after ${own ?? `its default of ${seconds}`} s, shorter than the ${proxy} s for which the ${where} keeps them for reuse, so that it sends requests on connections that the server has just closed and answers 502. The server itself neither restarts nor logs these requests.`,
      evidence: distinct([
        lineEvidence(reset.log, reset.line),
        ...(proxied ? [proxied] : []),
        ...subject
          .slice(0, 1)
          .flatMap(({ pod, name: container }) =>
            situation.document.find(pod, container, 'command'),
          ),
      ]),
      steps: [
        `Set the keep-alive timeout of ${name} (${fix}) above that of the ${where}, for example ${Number(proxy) + 5} s.`,
        'Or lower the upstream keepalive timeout of the proxy below it, and retry idempotent requests.',
      ],
    },
  ];
}
