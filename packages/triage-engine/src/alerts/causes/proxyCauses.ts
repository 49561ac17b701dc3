// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { at, isJson, listAt, textAt } from '../read/json';
import type { KubeObject } from '../read/readObjects';
import { distinct, lineEvidence, linesLike, quoted } from './helpers';
import type { Candidate } from './types';

const PROXY = /^https?_proxy$/i;
const NO_PROXY = /^no_proxy$/i;
/** A host that only the cluster knows. */
const INSIDE =
  /https?:\/\/(?<host>[\w-]{1,63}(?:\.[\w-]{1,63})?\.svc(?:\.cluster\.local)?|[a-z][\w-]{0,62}\.[a-z][\w-]{0,62}(?=[:/]))/;

interface Settings {
  object: KubeObject;
  proxy: string;
  exceptions: string;
}

/** Environment variables of a container, or the entries of a ConfigMap that may become some. */
function entriesOf({ kind, raw }: KubeObject): Array<[string, string]> {
  const data = at(raw, 'data');
  return kind === 'ConfigMap' && isJson(data)
    ? Object.entries(data).map(([key, value]) => [key, String(value)])
    : listAt(raw, 'spec', 'containers')
        .flatMap(each => listAt(each, 'env'))
        .map(each => [textAt(each, 'name') ?? '', textAt(each, 'value') ?? '']);
}

function proxySettings({ objects, subject }: Situation): Settings[] {
  return objects
    .filter(
      ({ kind, namespace }) =>
        ['ConfigMap', 'Pod'].includes(kind) && namespace === subject.namespace,
    )
    .flatMap(object => {
      const entries = entriesOf(object);
      const proxy = entries.find(([key, value]) => PROXY.test(key) && value);
      const exceptions = entries.find(([key]) => NO_PROXY.test(key))?.[1] ?? '';
      return proxy ? [{ object, proxy: proxy[1], exceptions }] : [];
    });
}

/** As clients read NO_PROXY: a suffix of the host, with or without a dot before it. */
const isExcepted = (host: string, exceptions: string) =>
  exceptions
    .split(',')
    .map(each => each.trim().replace(/^\*?\./, ''))
    .some(
      each =>
        each === '*' || (each && (host === each || host.endsWith(`.${each}`))),
    );

/** Calls inside of the cluster that go to a proxy outside of it, which does not know the name. */
export function proxyCauses(situation: Situation): Candidate[] {
  const { document, start } = situation;
  const [settings] = proxySettings(situation);
  const failed = linesLike(situation, INSIDE, ({ isError }) => isError).find(
    ({ line }) => {
      const host = INSIDE.exec(line.text)?.groups?.host;
      return (
        settings && host !== undefined && !isExcepted(host, settings.exceptions)
      );
    },
  );
  if (!settings || !failed) {
    return [];
  }
  const { object, proxy } = settings;
  const address = proxy.replace(/^https?:\/\//, '').replace(/\/$/, '');
  const [through] = linesLike(situation, /proxy/i, ({ line }) =>
    line.text.includes(address),
  );
  const written =
    object.kind === 'ConfigMap' && object.createdAt !== undefined
      ? `, ${duration(start - object.createdAt)} before the alert`
      : '';
  return [
    {
      rule: 'proxy-without-exceptions',
      type: 'network',
      score: 6 + (through ? 2 : 0),
      isProven: through !== undefined,
      statement: `Calls inside of the cluster go through the proxy ${address}: ${object.kind} ${object.name} sets HTTP_PROXY${written}, and NO_PROXY does not except names of the cluster (.svc, .cluster.local), so that the proxy, which cannot reach them, answers instead of the service: ${quoted(failed.line.text)}.`,
      evidence: distinct([
        ...(through ? [lineEvidence(through.log, through.line)] : []),
        lineEvidence(failed.log, failed.line),
        ...document.find(object, 'NO_PROXY'),
        ...document.find(object, 'HTTP_PROXY'),
      ]),
      steps: [
        `Add .svc,.cluster.local and the networks of pods and services to NO_PROXY (and no_proxy) of ${object.kind} ${object.name}, and restart the pods.`,
      ],
    },
  ];
}
