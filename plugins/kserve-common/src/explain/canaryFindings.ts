// SPDX-License-Identifier: Apache-2.0
import { listAt, numberAt, textAt } from './fields';
import { Rank, type Finding } from './Finding';
import { quoteCondition } from './conditionFindings';
import { clean, firstWords, proof, quoteFields, titleOf } from './quote';
import { conditionOf, type Situation } from './Situation';
import { backendOf, readTraffic } from './traffic';

/** Canaries of Standard mode: whether they are ready, and whether the route gives them what the spec asks. */
export function canaryFindings(situation: Situation): Finding[] {
  const { spec, status } = situation;
  const traffic = readTraffic(situation);
  const condition = conditionOf(situation.conditions, 'CanaryReady');
  return listAt(spec, 'canary').flatMap((canary): Finding[] => {
    const name = textAt(canary, 'predictor', 'name');
    const asked = numberAt(canary, 'trafficPercent') ?? 0;
    const backend = backendOf(situation, name);
    const got =
      traffic?.find(({ revision }) => revision === backend)?.percent ?? 0;
    const told = listAt(status, 'canaryStatuses').find(
      entry => entry.name === name,
    );
    const refs = situation
      .own('HTTPRoute')
      .flatMap(route => listAt(route, 'spec', 'rules'))
      .flatMap(rule => listAt(rule, 'backendRefs'));
    const evidence = [
      ...proof(
        `HTTPRoute of ${situation.name}`,
        quoteFields(refs.find(ref => ref.name === backend) ?? {}, 'name', [
          'weight',
          'port',
          'namespace',
        ]),
      ),
      ...(condition
        ? [
            ...proof(titleOf(situation.subject), firstWords(condition.message)),
            ...proof(titleOf(situation.subject), quoteCondition(condition)),
          ]
        : []),
      ...proof(
        titleOf(situation.subject),
        quoteFields(told ?? {}, 'name', ['ready', 'trafficPercent']),
      ),
    ];
    if (told && told.ready !== true) {
      return [
        {
          state: 'degraded',
          sentence: got
            ? `The canary ${clean(name)} is not ready and gets ${got} % of the requests all the same: they fail (503).`
            : `The canary ${clean(name)} is not ready; it gets no requests, and the stable predictor serves all.`,
          evidence,
          next: got
            ? "Set the canary's trafficPercent to 0 until it is ready, and see its pods and logs."
            : "See the canary's pods and logs.",
          rank: Rank.canary,
        },
      ];
    }
    if (traffic && asked !== got) {
      return [
        {
          state: 'degraded',
          sentence: `The spec asks ${asked} % for the canary ${clean(name)}, but the route gives it ${got} %.`,
          evidence: evidence.length
            ? evidence
            : proof(
                titleOf(situation.subject),
                quoteFields(canary, 'trafficPercent'),
              ),
          next: 'Weights need the Gateway API (enableGatewayApi) and a KServe that writes them: 0.20.0 does not.',
          rank: Rank.canary - 1,
        },
      ];
    }
    return [];
  });
}
