// SPDX-License-Identifier: Apache-2.0
import {
  fieldsOf,
  kindOf,
  listAt,
  nameOf,
  namespaceOf,
  numberAt,
  textAt,
  type Fields,
} from './fields';
import { Rank, type Finding } from './Finding';
import { quoteCondition, shortName, toFinding } from './conditionFindings';
import { clean, firstWords, proof, quoteFields, titleOf } from './quote';
import { conditionOf, readConditions, type Situation } from './Situation';
import { backendOf, readTraffic } from './traffic';

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

/** Canaries of Standard mode: whether they are ready, and whether the route gives them what the spec asks. */
function canaryFindings(situation: Situation): Finding[] {
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

/** What autoscalers say that matters to those who wait for an answer. */
export function autoscalingFindings(situation: Situation): Finding[] {
  const bad: Record<string, (status: string) => boolean> = {
    ScalingActive: status => status === 'False',
    AbleToScale: status => status === 'False',
    Ready: status => status === 'False',
    Fallback: status => status === 'True',
  };
  return ['HorizontalPodAutoscaler', 'ScaledObject']
    .flatMap(situation.own)
    .flatMap(scaler =>
      readConditions(scaler)
        .filter(
          ({ type, status, reason }) =>
            Object.hasOwn(bad, type) &&
            bad[type](status) &&
            reason !== 'ScalingDisabled',
        )
        .map(condition =>
          toFinding(
            { ...condition, status: 'False' },
            {
              source: titleOf(scaler),
              what: `It does not scale: ${shortName(scaler)} has ${clean(condition.type)} ${clean(condition.status)} (${clean(condition.reason)})`,
              rank: Rank.autoscaling,
            },
          ),
        ),
    );
}

/** What routes, gateways and canaries tell. */
export function routeFindings(situation: Situation): Finding[] {
  const stopped = fieldsOf(situation.spec).stopped === true;
  return stopped
    ? []
    : [
        ...httpRouteFindings(situation),
        ...gatewayFindings(situation),
        ...poolFindings(situation),
        ...canaryFindings(situation),
      ];
}
