// SPDX-License-Identifier: Apache-2.0
import type {
  Container,
  KubeEvent,
  LineGroup,
  Situation,
} from '../facts/types';
import { at, isJson, listAt, numberAt, textAt } from '../read/json';
import type { ContainerLog, TimedLine } from '../read/readLogs';
import { linesLike } from './helpers';

export type Probe = 'livenessProbe' | 'startupProbe' | 'readinessProbe';

/** `initialDelaySeconds 10, 3 failures × 10 s, timeoutSeconds 1` */
export function probeSettings(probe: unknown): string {
  const delay = numberAt(probe, 'initialDelaySeconds') ?? 0;
  const period = numberAt(probe, 'periodSeconds') ?? 10;
  const failures = numberAt(probe, 'failureThreshold') ?? 3;
  const timeout = numberAt(probe, 'timeoutSeconds') ?? 1;
  return `initialDelaySeconds ${delay}, ${failures} failures × ${period} s, timeoutSeconds ${timeout}`;
}

/** What a probe asks for: `GET / on port 9081`, `the command …`. */
export function askedBy(probe: unknown): string {
  const path = textAt(probe, 'httpGet', 'path');
  const port =
    textAt(probe, 'httpGet', 'port') ??
    textAt(probe, 'tcpSocket', 'port') ??
    textAt(probe, 'grpc', 'port');
  if (isJson(at(probe, 'exec'))) {
    return 'a command';
  }
  return `${path === undefined ? 'a connection' : `GET ${path}`}${port ? ` on port ${port}` : ''}`;
}

/** The container that a failed probe is of. */
export function probedContainer(
  { containers }: Situation,
  { involved, container }: KubeEvent,
  key: Probe,
): Container | undefined {
  const own = containers.filter(
    each => each.pod.name === involved.name && isJson(at(each.spec, key)),
  );
  return (
    own.find(({ name }) => name === container) ??
    own.find(({ isReady }) => isReady === false) ??
    own[0]
  );
}

interface Answer {
  /** Why the probe fails. */
  why: string;
  step: string;
  /** Of the server, not of what it is asked for. */
  isWrongSetting: boolean;
}

const ANSWERS: Array<[RegExp, Answer]> = [
  [
    /statuscode: 40[45]/,
    {
      why: 'It asks for a path that the server does not have (wrong path or port, 404), so that a healthy container counts as failed',
      step: 'Correct path and port of the probe to what the server answers on, or use a tcpSocket probe.',
      isWrongSetting: true,
    },
  ],
  [
    /statuscode: (?:400|401|403|421)/,
    {
      why: 'The server refuses the probe, which sends no login and the IP of the pod as Host header (authentication, or a check of the Host header, covers the path of the probe), so that a healthy container counts as failed',
      step: 'Let the probe ask for a path that needs no authentication (such as /health), or permit its Host header (allowed hosts, httpHeaders of the probe).',
      isWrongSetting: true,
    },
  ],
  [
    /command \S[^\n]{0,400}timed out|rpc error[^\n]{0,60}DeadlineExceeded/,
    {
      why: 'The command of the probe takes longer than its timeoutSeconds (1 s unless told; kubelets since 1.20 enforce it)',
      step: 'Raise timeoutSeconds of the probe to what its command takes, or make the command cheaper.',
      isWrongSetting: true,
    },
  ],
  [
    /HTTP response to HTTPS client|server gave HTTP|malformed HTTP response|tls: /,
    {
      why: 'The probe speaks another scheme than the server (HTTP against HTTPS)',
      step: 'Set the scheme of the probe to that of the server.',
      isWrongSetting: true,
    },
  ],
];

/** What the answer to a probe says of why it fails, where it says so. */
export const meaningOfAnswer = (message: string): Answer | undefined =>
  ANSWERS.find(([pattern]) => pattern.test(message))?.[1];

const REFUSED =
  /" ?(?:400|401|403|404|405|421)\b|[Ii]nvalid [Hh]ost|[Aa]uthentication failed|[Uu]nauthorized|[Ff]orbidden|not allowed/;

/** Lines in which the server tells of the probe that it refused. */
export function linesOfProbe(
  situation: Situation,
  probe: unknown,
  pod: string,
): LineGroup[] {
  const path = textAt(probe, 'httpGet', 'path');
  return linesLike(
    situation,
    REFUSED,
    ({ log, line }) =>
      log.pod === pod &&
      (path === undefined ||
        line.text.includes(`${path} `) ||
        line.text.includes(`${path}:`) ||
        /[Hh]ost/.test(line.text)),
  );
}

const LISTENS =
  /(?:[Ll]istening (?:on|at)|[Rr]unning on|[Ss]tart(?:ing|ed) (?:\w{1,20} )?(?:HTTP|http|web|REST|HTTPService)?[ -]?(?:[Ss]erver|[Ss]ervice)?[^\n]{0,40}?|[Ss]erving on|[Bb]ound to|serving at)[^\n]{0,60}?:(\d{2,5})\b/g;

/**
 * Where the server says that it listens, if that is another port than the probe asks:
 * its line and the ports.
 */
export function otherPort(
  { logs }: Situation,
  container: Container,
  probe: unknown,
):
  | { line: TimedLine; log: ContainerLog; asked: string; has: string }
  | undefined {
  const named =
    textAt(probe, 'httpGet', 'port') ??
    textAt(probe, 'tcpSocket', 'port') ??
    textAt(probe, 'grpc', 'port');
  const asked =
    listAt(container.spec, 'ports')
      .filter(({ name }) => name === named)
      .map(each => textAt(each, 'containerPort'))[0] ?? named;
  const told = logs
    .filter(
      log => log.pod === container.pod.name && log.container === container.name,
    )
    .flatMap(log =>
      log.lines.flatMap(line =>
        [...line.text.slice(0, 400).matchAll(LISTENS)].map(([, has]) => ({
          line,
          log,
          has,
        })),
      ),
    );
  return asked && told.length > 0 && told.every(({ has }) => has !== asked)
    ? { ...told[0], asked }
    : undefined;
}
