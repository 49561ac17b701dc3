// SPDX-License-Identifier: Apache-2.0
import type { Container, Situation } from '../facts/types';
import { workloadName } from '../facts/subject';
import { textAt } from '../read/json';
import { lastWordsOf } from './endings';
import { distinct, lineEvidence, linesLike, logsOf, quoted } from './helpers';
import type { Candidate } from './types';

const DNS =
  /EAI_AGAIN|name resolution|no such host|Name or service not known|server misbehaving|getaddrinfo|could not resolve|NXDOMAIN|SERVFAIL/i;
const FAILS =
  /refused|timed? ?out|unreachable|no route|no healthy|unavailable|reset|cannot connect|could not connect|failed to connect|50[234]|EAI_AGAIN|resol|no such host|not known|misbehaving|disconnected|broken/i;
const DNS_SERVER = /^(?:coredns|kube-dns|node-local-dns)/;

const isDown = ({ terminated, waiting, isReady, isInit }: Container) =>
  !isInit &&
  isReady === false &&
  (waiting?.reason === 'CrashLoopBackOff' ||
    terminated?.reason === 'OOMKilled' ||
    (terminated?.exitCode ?? 0) !== 0);

/** What a called service went down of, where its pods are known. */
function whyOf(container: Container, situation: Situation) {
  const { terminated, name, spec } = container;
  if (terminated?.reason === 'OOMKilled') {
    return `${name} was OOMKilled at its memory limit of ${textAt(spec, 'resources', 'limits', 'memory') ?? 'the node'}`;
  }
  const [log] = logsOf(situation, container);
  const words = log && lastWordsOf(log);
  return `${name} ended with exit code ${terminated?.exitCode ?? 'unknown'}${words ? `: ${quoted(words.line.text)}` : ''}`;
}

/** Calls that fail since the pods of what is called are down. */
export function dependencyCauses(situation: Situation): Candidate[] {
  const down = situation.containers.filter(
    each => !each.isOfSubject && isDown(each),
  );
  return down
    .slice(0, 20)
    .flatMap((container): Candidate[] => {
      const workload = workloadName(container.pod.name);
      const isDns = DNS_SERVER.test(workload);
      const [line] = linesLike(
        situation,
        FAILS,
        ({ before, count, isOfSubject, line: { text } }) =>
          isOfSubject &&
          before <= count / 2 &&
          (isDns ? DNS.test(text) : text.includes(workload)),
      );
      if (!line) {
        return [];
      }
      const [log] = logsOf(situation, container);
      const words = log && lastWordsOf(log);
      const pods = new Set(
        down
          .filter(({ pod }) => workloadName(pod.name) === workload)
          .map(({ pod }) => pod.name),
      );
      return [
        {
          rule: 'dependency-down',
          type:
            container.terminated?.reason === 'OOMKilled'
              ? 'out-of-memory'
              : 'upstream',
          score: 8.5,
          isProven: true,
          statement: `What it calls is down: ${pods.size} pods of ${workload}${isDns ? ' (CoreDNS, name resolution)' : ''} are not ready, since ${whyOf(container, situation)}; therefore ${quoted(line.line.text)} (${line.count} times).`,
          evidence: distinct([
            ...situation.document.find(
              container.pod,
              `[${container.name}]`,
              'exitCode=',
            ),
            lineEvidence(line.log, line.line),
            ...(log && words ? [lineEvidence(log, words.line)] : []),
          ]),
          steps: [
            container.terminated?.reason === 'OOMKilled'
              ? `Raise the memory limit of ${workload}, and find what made it need more.`
              : `Mend ${workload} first: read the log of ${container.pod.name} before it ended.`,
          ],
        },
      ];
    })
    .slice(0, 1);
}
