// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import type { Situation } from '../facts/types';
import { distinct, lineEvidence, quoted, rolloutSentence } from './helpers';
import type { Candidate } from './types';

interface Flag {
  means: string;
  step: string;
  type: FailureType;
  /** The kind of Istio that sets it. */
  kind?: string;
}

/** What Envoy says of requests that it did not get answered: `%RESPONSE_FLAGS%` of its access log. */
const FLAGS: Record<string, Flag> = {
  UO: {
    means:
      'the circuit breaker of the proxy (Envoy, Istio) refuses requests: the connection pool overflows its limits (maxConnections, http1MaxPendingRequests of the DestinationRule)',
    step: 'Raise or remove the limits of the connection pool in the DestinationRule (http1MaxPendingRequests, maxConnections, http2MaxRequests), or roll that change back.',
    type: 'configuration',
    kind: 'DestinationRule',
  },
  UH: {
    means:
      'the proxy (Envoy, Istio) knows no healthy host of the upstream: none is ready, or outlier detection ejected all of them',
    step: 'Look at the endpoints of the Service and at outlierDetection of its DestinationRule.',
    type: 'upstream',
    kind: 'DestinationRule',
  },
  NR: {
    means:
      'the proxy (Envoy, Istio) has no route for the request: host, port or subset do not match a VirtualService or a Service',
    step: 'Compare host, port and subsets of VirtualService, DestinationRule and Service with what is called.',
    type: 'configuration',
    kind: 'VirtualService',
  },
  NC: {
    means:
      'the proxy (Envoy, Istio) does not know the cluster that the route names: a subset or Service is missing',
    step: 'Create the subset or Service that the route names, or roll the route back.',
    type: 'configuration',
    kind: 'VirtualService',
  },
  UF: {
    means:
      'the proxy (Envoy, Istio) cannot connect to the upstream: refused, unreachable, or TLS of the two sides does not match (mTLS mode)',
    step: 'Compare PeerAuthentication and the TLS mode of the DestinationRule, and see whether the upstream listens on that port.',
    type: 'network',
    kind: 'PeerAuthentication',
  },
  UT: {
    means:
      'the proxy (Envoy, Istio) gives the request up at its own time limit (route timeout)',
    step: 'Raise the timeout of the VirtualService, or make the answer faster.',
    type: 'errors',
    kind: 'VirtualService',
  },
  UC: {
    means:
      'the upstream closes the connection while the proxy (Envoy, Istio) still uses it: it ends, restarts, or its keep-alive is shorter than the idle timeout of the proxy',
    step: 'Let the upstream keep idle connections longer than the proxy does, and drain before it ends.',
    type: 'network',
  },
  RL: {
    means: 'the proxy (Envoy, Istio) limits the rate of requests',
    step: 'Raise the rate limit, or let the client send less.',
    type: 'configuration',
    kind: 'EnvoyFilter',
  },
};

const FLAGGED =
  /\b(?:50[0-9]|429|404|0) (?<flag>UO|UH|NR|NC|UF|UT|UC|RL)(?:,[A-Z]{2,4})*\b/;

/** Requests that a proxy refused, by what its access log says of why. */
export function responseFlagCauses(situation: Situation): Candidate[] {
  const { document, groups, objects, rollouts, start } = situation;
  const [hit] = groups
    .filter(({ before, line }) => before === 0 && FLAGGED.test(line.text))
    .sort((a, b) => b.count - a.count);
  const name = hit && FLAGGED.exec(hit.line.text)?.groups?.flag;
  const flag = name ? FLAGS[name] : undefined;
  if (!hit || !name || !flag) {
    return [];
  }
  const rule = objects.find(({ kind }) => kind === flag.kind);
  const rollout = rollouts.find(({ of }) => of.kind === flag.kind);
  const isNew =
    rule?.createdAt !== undefined && start - rule.createdAt < 24 * 3600_000;
  return [
    {
      rule: `response-flag-${name.toLowerCase()}`,
      type: flag.type,
      score: 6 + (rule ? 1 : 0) + (isNew || rollout ? 1 : 0),
      // That there is such an object does not say that it refuses requests.
      isProven: rule !== undefined && (isNew || rollout !== undefined),
      statement: `Response flag ${name}: ${flag.means}: ${quoted(hit.line.text, 240)}${hit.count > 1 ? ` (${hit.count} times)` : ''}.${rule ? ` ${rule.kind} ${rule.name} is what sets it.` : ''}${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        lineEvidence(hit.log, hit.line),
        ...document.find(rule, 'spec').slice(0, 2),
        ...(rollout?.evidence ?? []),
      ]),
      steps: [flag.step],
    },
  ];
}
