// SPDX-License-Identifier: Apache-2.0
import type { Situation } from '../facts/types';
import { distinct, lineEvidence, logsOf, quoted } from './helpers';
import type { Candidate } from './types';

const PROXY = /^(?:istio-proxy|linkerd-proxy|envoy|consul-dataplane)$/;
/** Init containers of a mesh that only look whether the CNI plugin has redirected the traffic. */
const VALIDATION = /^(?:istio-validation|linkerd-network-validator)$/;
const REFUSED =
  /[Cc]onnection refused|ECONNREFUSED|[Cc]ould not connect to the endpoint|connect: connection refused|reset by peer|[Tt]imed out|EndpointConnectionError/;

/** An init container without a network, since the proxy of the mesh runs only after it. */
export function meshInitCauses(situation: Situation): Candidate[] {
  const { containers, document } = situation;
  return containers
    .filter(
      ({ isInit, isOfSubject, terminated, waiting }) =>
        isInit && isOfSubject && (terminated?.exitCode !== 0 || waiting),
    )
    .flatMap((init): Candidate[] => {
      const ofPod = containers.filter(({ pod }) => pod === init.pod);
      const proxy = ofPod.find(
        ({ name, isInit }) => PROXY.test(name) && !isInit,
      );
      const validation = ofPod.find(({ name }) => VALIDATION.test(name));
      const [log] = logsOf(situation, init);
      const line = log?.lines.filter(({ text }) => REFUSED.test(text)).at(-1);
      const first = log?.lines.find(({ text }) => REFUSED.test(text));
      if (!proxy || !log || !line || !first) {
        return [];
      }
      return [
        {
          rule: 'init-container-before-mesh',
          type: 'network',
          score: 7 + (validation ? 1.5 : 0),
          isProven: validation !== undefined,
          statement: `The init container ${init.name} has no network: the service mesh (Istio or Linkerd, by its CNI plugin) redirects all traffic of the pod to the sidecar ${proxy.name}, which is not running yet while init containers run, so that its connection fails: ${quoted(line.text)}. ${validation ? `${validation.name} shows that the redirection is set up before the first container starts.` : ''}`,
          evidence: distinct([
            lineEvidence(log, line),
            lineEvidence(log, first),
            ...(validation
              ? document.find(init.pod, `[${validation.name}]`, 'image=')
              : []),
          ]),
          steps: [
            `Let ${init.name} bypass the proxy: run it as the user of the proxy (runAsUser 1337), exclude its port or address (traffic.sidecar.istio.io/excludeOutboundPorts, excludeOutboundIPRanges), or use native sidecars.`,
          ],
        },
      ];
    });
}
