// SPDX-License-Identifier: Apache-2.0
import type { KserveTrafficShare } from '../types';
import {
  at,
  fieldsOf,
  kindOf,
  listAt,
  nameOf,
  numberAt,
  textAt,
  type Fields,
} from './fields';
import { clean } from './quote';
import { readConditions, type Situation } from './Situation';

type Shares = KserveTrafficShare[] | null;

/** Entries of one revision are one share. */
function merge(shares: Array<{ revision: string; percent: number }>): Shares {
  const byName = new Map<string, number>();
  for (const { revision, percent } of shares) {
    const bounded = Math.min(100, Math.max(0, percent));
    byName.set(revision, (byName.get(revision) ?? 0) + bounded);
  }
  return byName.size
    ? [...byName].map(([revision, percent]) => ({
        revision: clean(revision),
        percent,
      }))
    : null;
}

/** Knative's list of targets; a target may follow the latest revision without naming it. */
function readTargets(targets: readonly Fields[], latest: string): Shares {
  return merge(
    targets.map(target => ({
      revision: textAt(target, 'revisionName') || latest || 'latest',
      percent: numberAt(target, 'percent') ?? 0,
    })),
  );
}

/** What Knative routes: its Route or Service first, then KServe's copy of it. */
function knativeTraffic(situation: Situation): Shares {
  const component = fieldsOf(at(situation.status, 'components', 'predictor'));
  const latest = textAt(component, 'latestReadyRevision');
  const routes = [
    ...situation.own('Route'),
    ...situation.own('Service'),
  ].filter(
    object =>
      textAt(object, 'apiVersion').startsWith('serving.knative.dev/') &&
      (situation.kind !== 'InferenceService' ||
        nameOf(object).includes('predictor')),
  );
  const route = routes.find(
    object => listAt(object, 'status', 'traffic').length > 0,
  );
  if (route) {
    return readTargets(
      listAt(route, 'status', 'traffic'),
      textAt(route, 'status', 'latestReadyRevisionName') || latest,
    );
  }
  const targets = listAt(component, 'traffic');
  if (targets.length) {
    return readTargets(targets, latest);
  }
  // KServe before 0.6 wrote one number for the latest, the rest went to the one before.
  const percent =
    numberAt(component, 'trafficPercent') ?? numberAt(component, 'traffic');
  if (percent !== undefined && latest) {
    const previous =
      textAt(component, 'previousReadyRevision') ||
      textAt(component, 'previousRolledoutRevision');
    return merge([
      { revision: latest, percent },
      ...(previous && percent < 100
        ? [{ revision: previous, percent: 100 - percent }]
        : []),
    ]);
  }
  return null;
}

/** KFServing's v1alpha2: `default` and `canary` with their numbers. */
function alphaTraffic({ status }: Situation): Shares {
  const share = numberAt(status, 'traffic');
  const stable =
    textAt(status, 'default', 'name') ||
    textAt(status, 'default', 'predictor', 'name');
  const canary =
    textAt(status, 'canary', 'name') ||
    textAt(status, 'canary', 'predictor', 'name');
  if (share === undefined || !stable) {
    return null;
  }
  return merge([
    { revision: stable, percent: share },
    ...(canary
      ? [
          {
            revision: canary,
            percent: numberAt(status, 'canaryTraffic') ?? 100 - share,
          },
        ]
      : []),
  ]);
}

/** Whether a gateway has taken the route. */
function isAccepted(route: Fields): boolean {
  return listAt(route, 'status', 'parents').some(parent =>
    readConditions({ status: parent }).every(
      ({ type, status }) =>
        !['Accepted', 'Programmed'].includes(type) || status === 'True',
    ),
  );
}

function byWeight(
  backends: readonly Fields[],
  nameAt: (backend: Fields) => string,
): Shares {
  const weights = backends.map(backend => ({
    revision: nameAt(backend),
    weight: Math.max(
      0,
      numberAt(backend, 'weight') ?? (backends.length === 1 ? 100 : 1),
    ),
  }));
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  return total > 0
    ? merge(
        weights.map(({ revision, weight }) => ({
          revision,
          percent: Math.round((weight / total) * 1000) / 10,
        })),
      )
    : null;
}

/** The route that clients use: the one of the service itself, before those of its components. */
export function entryRoutes(situation: Situation, kind: string): Fields[] {
  const backends = (route: Fields) =>
    Math.max(
      0,
      ...listAt(route, 'spec', 'rules').map(
        rule => listAt(rule, 'backendRefs').length,
      ),
    );
  return [...situation.own(kind)].sort(
    (one, other) =>
      backends(other) - backends(one) ||
      Number(nameOf(other) === situation.name) -
        Number(nameOf(one) === situation.name),
  );
}

function routeTraffic(situation: Situation): Shares {
  for (const route of entryRoutes(situation, 'HTTPRoute')) {
    const rules = listAt(route, 'spec', 'rules').filter(
      rule => listAt(rule, 'backendRefs').length,
    );
    const rule = rules.reduce<Fields | undefined>(
      (most, next) =>
        most &&
        listAt(most, 'backendRefs').length >= listAt(next, 'backendRefs').length
          ? most
          : next,
      undefined,
    );
    if (rule && isAccepted(route)) {
      return byWeight(listAt(rule, 'backendRefs'), backend =>
        textAt(backend, 'name'),
      );
    }
  }
  for (const service of entryRoutes(situation, 'VirtualService')) {
    const destinations = listAt(service, 'spec', 'http')
      .map(rule => listAt(rule, 'route'))
      .find(route => route.length > 1);
    if (destinations) {
      return byWeight(
        destinations,
        ({ destination }) =>
          (textAt(destination, 'subset') || textAt(destination, 'host')).split(
            '.',
          )[0],
      );
    }
  }
  for (const ingress of situation.own('Ingress')) {
    const service = listAt(ingress, 'spec', 'rules')
      .flatMap(rule => listAt(rule, 'http', 'paths'))
      .map(path => textAt(path, 'backend', 'service', 'name'))
      .find(Boolean);
    if (
      service &&
      listAt(ingress, 'status', 'loadBalancer', 'ingress').length
    ) {
      return merge([{ revision: service, percent: 100 }]);
    }
  }
  return null;
}

/** A graph's first node, where it splits what comes in. */
function graphTraffic({ spec }: Situation): Shares {
  const root = at(spec, 'nodes', 'root');
  return textAt(root, 'routerType') === 'Splitter'
    ? byWeight(
        listAt(root, 'steps'),
        step =>
          textAt(step, 'serviceName') ||
          textAt(step, 'nodeName') ||
          textAt(step, 'name'),
      )
    : null;
}

function groupTraffic({ status }: Situation): Shares {
  const members = listAt(status, 'router', 'group', 'members');
  return members.length > 1
    ? byWeight(members, member => textAt(member, 'name'))
    : null;
}

/** What a client gets now; null where no route or revision tells. */
export function readTraffic(situation: Situation): Shares {
  if (situation.kind === 'InferenceGraph') {
    return graphTraffic(situation);
  }
  return (
    (situation.mode === 'Standard' ? null : knativeTraffic(situation)) ??
    groupTraffic(situation) ??
    routeTraffic(situation) ??
    alphaTraffic(situation)
  );
}

/** The Service of a canary, and of the stable predictor when its name is empty. */
export function backendOf(situation: Situation, predictor: string): string {
  return `${situation.name}-${predictor ? `${predictor}-` : ''}predictor`;
}

/** What the spec asks for; null where it leaves that to KServe. */
export function askedTraffic(situation: Situation): Shares {
  const { spec, status } = situation;
  const canaries = listAt(spec, 'canary');
  if (canaries.length) {
    const shares = canaries.map(canary => ({
      revision: backendOf(situation, textAt(canary, 'predictor', 'name')),
      percent: numberAt(canary, 'trafficPercent') ?? 0,
    }));
    const rest = 100 - shares.reduce((sum, { percent }) => sum + percent, 0);
    return merge([
      {
        revision: backendOf(situation, textAt(spec, 'predictor', 'name')),
        percent: rest,
      },
      ...shares,
    ]);
  }
  const percent =
    numberAt(spec, 'predictor', 'canaryTrafficPercent') ??
    numberAt(spec, 'canaryTrafficPercent');
  const component = fieldsOf(at(status, 'components', 'predictor'));
  const latest = textAt(component, 'latestCreatedRevision');
  if (!latest && kindOf(situation.subject) === 'InferenceService') {
    return null;
  }
  if (percent !== undefined && latest) {
    const before =
      listAt(component, 'traffic')
        .map(target => textAt(target, 'revisionName'))
        .find(revision => revision && revision !== latest) ||
      textAt(component, 'latestRolledoutRevision');
    return before && before !== latest
      ? merge([
          { revision: latest, percent },
          { revision: before, percent: 100 - percent },
        ])
      : merge([{ revision: latest, percent: 100 }]);
  }
  return latest ? merge([{ revision: latest, percent: 100 }]) : null;
}
