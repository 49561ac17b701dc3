// SPDX-License-Identifier: Apache-2.0
import type { Situation } from '../facts/types';
import { textAt } from '../read/json';
import { distinct, lineEvidence, linesLike, quoted } from './helpers';
import type { Candidate } from './types';

const FAILED =
  /[Cc]annot connect|[Cc]onnection refused|[Nn]o route to host|dial tcp|[Cc]onnect call failed|ECONNREFUSED|EHOSTUNREACH|[Uu]nable to connect|[Ff]ailed to connect|ConnectError|connect error/;
const ADDRESS = /\b(?:10|172|192)\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g;
const LONG = 60 * 60_000;

const netOf = (address: string) => address.split('.').slice(0, 2).join('.');

/** Calls that still go to the address of a pod which is gone. */
export function staleAddressCauses(situation: Situation): Candidate[] {
  const { objects, start, document } = situation;
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  const known = new Set(
    objects.flatMap(({ raw }) => [
      ...[
        textAt(raw, 'status', 'podIP'),
        textAt(raw, 'status', 'hostIP'),
        textAt(raw, 'spec', 'clusterIP'),
      ],
    ]),
  );
  const nets = new Set(
    pods.flatMap(({ raw }) => textAt(raw, 'status', 'podIP') ?? []).map(netOf),
  );
  const replaced = pods.find(
    ({ createdAt }) =>
      createdAt !== undefined && createdAt <= start && start - createdAt < LONG,
  );
  const groups = linesLike(situation, FAILED, ({ before }) => before === 0);
  const stale = groups.flatMap(group => {
    const address = group.line.text
      .match(ADDRESS)
      ?.find(each => !known.has(each) && nets.has(netOf(each)));
    return address ? [{ group, address }] : [];
  })[0];
  if (!stale || !replaced) {
    return [];
  }
  const { group, address } = stale;
  // It was used before: the log itself tells that it once was right.
  const used = group.log.lines.find(
    ({ text, number }) =>
      number < group.line.number &&
      text.includes(address) &&
      !FAILED.test(text),
  );
  const isDowned = objects.some(
    ({ kind, raw }) => kind === 'Event' && raw.reason === 'Killing',
  );
  return [
    {
      rule: 'stale-address',
      type: 'network',
      score: 6 + (used ? 1 : 0),
      isProven: used !== undefined || isDowned,
      statement: `${group.log.container} still sends requests to ${address}, which no pod has any more (it was replaced; ${replaced.name} has another address): ${quoted(group.line.text)} (${group.count} times). It keeps an old address instead of following the Service or its endpoints.`,
      evidence: distinct([
        lineEvidence(group.log, group.line),
        ...(used ? [lineEvidence(group.log, used)] : []),
        ...document.find(replaced, 'podIP='),
      ]),
      steps: [
        `Restart ${group.log.container} so that it reads the endpoints anew; let it use the name of the Service, or mend its discovery (upgrade it).`,
      ],
    },
  ];
}
