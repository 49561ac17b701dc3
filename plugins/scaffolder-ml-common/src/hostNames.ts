// SPDX-License-Identifier: Apache-2.0
import { listEnvironments } from './choices';
import type { DeliveryChoices } from './choiceTypes';
import { toTeamName } from './names';

// RFC 1123: a label of a DNS name.
const MAX_LABEL = 63;

/**
 * A name that Kubernetes would not take.
 *
 * @public
 */
export interface HostNameProblem {
  /** What the name becomes in the cluster, with more than 63 characters. */
  hostName: string;
  /** How many characters the model's name may have, for this team; less than 3 when it is the team's name that is too long. */
  maximum: number;
}

/**
 * Says whether the cluster can name a model's servers and namespaces. KServe puts
 * model, team and environment into one label of a host name in Standard mode,
 * also where it makes no ingress, and does not start what exceeds it
 * (https://github.com/kserve/kserve/issues/4807).
 *
 * @returns the longest that is too long; undefined when all fit
 * @public
 */
export function checkHostNames(component: {
  name: string;
  /** Entity reference. */
  owner: string;
  delivery: Pick<DeliveryChoices, 'environments' | 'canary'>;
}): HostNameProblem | undefined {
  const { name, owner, delivery } = component;
  const namespaces = listEnvironments(delivery.environments).map(
    environment => `${toTeamName(owner)}-${environment}`,
  );
  // Knative keeps the namespace in a label of its own.
  const servers =
    delivery.canary === 'knative'
      ? []
      : namespaces.map(namespace => `${name}-predictor-${namespace}`);
  const canaries =
    delivery.canary === 'http-route'
      ? [`${name}-canary-predictor-${toTeamName(owner)}-prod`]
      : [];
  const [longest] = [...namespaces, ...servers, ...canaries].sort(
    (a, b) => b.length - a.length,
  );
  return longest.length > MAX_LABEL
    ? {
        hostName: longest,
        maximum: namespaces.includes(longest)
          ? 0
          : Math.max(0, name.length - (longest.length - MAX_LABEL)),
      }
    : undefined;
}
