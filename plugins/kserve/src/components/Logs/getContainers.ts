// SPDX-License-Identifier: Apache-2.0
import type {
  KserveContainer,
  KserveInferenceService,
  KservePod,
} from '@greenroom/plugin-kserve-common';

export interface ContainerChoice {
  id: string;
  pod: KservePod;
  container: KserveContainer;
}

/** The container in which KServe runs the model server. */
const MODEL_SERVER = 'kserve-container';

function isTroubled({ container }: ContainerChoice) {
  const { init, ready, state } = container;
  return init ? state !== 'terminated' || container.restarts > 0 : !ready;
}

/** Every container with a log, and the one that a person most likely wants. */
export function getContainers({ pods }: KserveInferenceService) {
  const choices = pods.flatMap(pod =>
    pod.containers.map((container): ContainerChoice => ({
      id: `${pod.name}/${container.name}`,
      pod,
      container,
    })),
  );
  const first =
    choices.find(
      choice => isTroubled(choice) && choice.container.restarts > 0,
    ) ??
    choices.find(
      choice => isTroubled(choice) && choice.container.state === 'running',
    ) ??
    choices.find(({ container: { name } }) => name === MODEL_SERVER) ??
    choices[0];
  return { choices, first };
}
