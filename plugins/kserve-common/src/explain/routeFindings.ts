// SPDX-License-Identifier: Apache-2.0
import {
  kindOf,
  listAt,
  nameOf,
  namespaceOf,
  textAt,
  type Fields,
} from './fields';
import { Rank, type Finding } from './Finding';
import { quoteCondition, shortName, toFinding } from './conditionFindings';
import { clean, firstWords, proof, quoteFields, titleOf } from './quote';
import { conditionOf, readConditions, type Situation } from './Situation';

const BAD_WHEN_FALSE = ['Accepted', 'Programmed', 'ResolvedRefs', 'Ready'];

function parentFindings(object: Fields, rank: number): Finding[] {
  return listAt(object, 'status', 'parents').flatMap(parent =>
    readConditions({ status: parent })
      .filter(
        ({ type, status }) =>
          BAD_WHEN_FALSE.includes(type) && status === 'False',
      )
      .map(condition =>
        toFinding(condition, {
          source: titleOf(object),
          what: `${shortName(object)} is not taken by the gateway (${clean(condition.reason)})`,
          rank,
        }),
      ),
  );
}

/** Gateways that routes name: missing, or with a condition that is False. */
function gatewayFindings(situation: Situation): Finding[] {
  const gateways = situation.objects.filter(
    object => kindOf(object) === 'Gateway',
  );
  if (!gateways.length) {
    return [];
  }
  const named = situation
    .own('HTTPRoute')
    .flatMap(route =>
      listAt(route, 'spec', 'parentRefs').map(parent => ({ route, parent })),
    )
    .filter(
      ({ parent }) => (textAt(parent, 'kind') || 'Gateway') === 'Gateway',
    );
  return named.flatMap(({ route, parent }) => {
    const namespace = textAt(parent, 'namespace') || situation.namespace;
    const gateway = gateways.find(
      object =>
        nameOf(object) === textAt(parent, 'name') &&
        namespaceOf(object) === namespace,
    );
    if (!gateway) {
      return [
        {
          state: 'degraded' as const,
          sentence: `${shortName(route)} names the Gateway ${clean(namespace)}/${clean(textAt(parent, 'name'))}, which does not exist.`,
          evidence: proof(
            titleOf(route),
            quoteFields(parent, 'name', ['namespace']),
          ),
          next: 'Create the Gateway, or correct kserveIngressGateway of the ConfigMap inferenceservice-config.',
          rank: Rank.route + 3,
        },
      ];
    }
    return readConditions(gateway)
      .filter(
        ({ type, status }) =>
          BAD_WHEN_FALSE.includes(type) && status === 'False',
      )
      .map(condition =>
        toFinding(condition, {
          source: titleOf(gateway),
          what: `${shortName(gateway)} does not serve`,
          rank: Rank.route + 2,
        }),
      );
  });
}

function httpRouteFindings(situation: Situation): Finding[] {
  return situation.own('HTTPRoute').flatMap(route => {
    if (listAt(route, 'status', 'parents').length) {
      return parentFindings(route, Rank.route);
    }
    const ingress =
      conditionOf(situation.conditions, 'IngressReady') ??
      conditionOf(situation.conditions, 'RouterReady');
    return [
      {
        state: 'degraded' as const,
        sentence: `No gateway has answered for ${shortName(route)}: requests do not reach the model${ingress && ingress.status !== 'True' ? ` (${clean(ingress.message || ingress.reason)})` : ''}.`,
        evidence: [
          ...(ingress && ingress.status !== 'True'
            ? [
                ...proof(
                  titleOf(situation.subject),
                  firstWords(ingress.message),
                ),
                ...proof(titleOf(situation.subject), quoteCondition(ingress)),
              ]
            : []),
          ...proof(
            titleOf(route),
            listAt(route, 'spec', 'parentRefs')
              .map(parent => quoteFields(parent, 'name', ['namespace']))
              .find(Boolean) ?? '',
          ),
        ],
        next: "Check that the Gateway that it names exists, that its GatewayClass' controller runs, and that its listener admits this namespace.",
        rank: Rank.route,
      },
    ];
  });
}

/** A Gateway that a condition misses or waits for: it does not serve, or it does and the condition is wrong. */
function namedGatewayFindings(situation: Situation): Finding[] {
  const claims = situation.conditions.filter(
    ({ status, message, reason }) =>
      status !== 'True' &&
      (message.includes('Gateway') || reason.includes('Gateway')),
  );
  return situation.objects.flatMap((gateway): Finding[] => {
    const programmed =
      kindOf(gateway) === 'Gateway'
        ? conditionOf(readConditions(gateway), 'Programmed')
        : undefined;
    const name = `${namespaceOf(gateway)}/${nameOf(gateway)}`;
    const claim = claims.find(({ message }) => message.includes(name));
    if (!programmed || !claim) {
      return [];
    }
    if (programmed.status !== 'True') {
      return [
        toFinding(programmed, {
          source: titleOf(gateway),
          what: `${shortName(gateway)} does not serve`,
          rank: Rank.route + 2,
        }),
      ];
    }
    return [
      {
        state: 'unknown',
        sentence: `The status contradicts the Gateway ${clean(name)}: it says “${clean(claim.message)}”, but the Gateway exists and is programmed.`,
        evidence: [
          ...proof(titleOf(situation.subject), firstWords(claim.message)),
          ...proof(
            titleOf(gateway),
            firstWords(programmed.message) || quoteCondition(programmed),
          ),
        ],
        next: "Test the endpoint: this may be a false alarm. Restart KServe's controller, so that it looks again.",
        rank: Rank.contradicted,
      },
    ];
  });
}

/** A pool that a gateway has accepted while the status still waits for one. */
function poolFindings(situation: Situation): Finding[] {
  const claim = ['InferencePoolReady', 'RouterReady']
    .map(type => conditionOf(situation.conditions, type))
    .find(condition => condition && condition.status !== 'True');
  return situation.own('InferencePool').flatMap(pool => {
    const parents = listAt(pool, 'status', 'parents');
    const accepted = parents
      .map(parent =>
        conditionOf(readConditions({ status: parent }), 'Accepted'),
      )
      .find(condition => condition?.status === 'True');
    if (!accepted || !claim) {
      return parentFindings(pool, Rank.route + 1);
    }
    return [
      {
        state: 'unknown' as const,
        sentence: `The router's status contradicts its InferencePool: it waits for a gateway (“${clean(claim.message || claim.reason)}”), but ${shortName(pool)} is accepted.`,
        evidence: [
          ...proof(
            titleOf(pool),
            firstWords(accepted.message) || quoteCondition(accepted),
          ),
          ...proof(
            titleOf(situation.subject),
            firstWords(claim.message) || quoteCondition(claim),
          ),
        ],
        next: 'Test the endpoint: this may be a false alarm. KServe finds gateways by HTTPRoutes, so give spec.router a route.',
        rank: Rank.contradicted,
      },
    ];
  });
}

/** What routes and gateways tell. */
export function routeFindings(situation: Situation): Finding[] {
  return [
    ...httpRouteFindings(situation),
    ...gatewayFindings(situation),
    ...namedGatewayFindings(situation),
    ...poolFindings(situation),
  ];
}
