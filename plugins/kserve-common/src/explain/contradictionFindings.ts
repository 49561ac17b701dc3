// SPDX-License-Identifier: Apache-2.0
import { shortName } from './conditionFindings';
import { at, fieldsOf, nameOf, textAt, textsAt, type Fields } from './fields';
import { Rank, type Finding } from './Finding';
import { isReady } from './pods';
import { clean, firstWords, proof, quoteFields, titleOf } from './quote';
import { conditionOf, readConditions, type Situation } from './Situation';
import { backendOf } from './traffic';
import { isComplete, isObserved, replicasOf } from './workloadFindings';

/** Where KServe notes from which URI a pod's model was fetched. */
const FETCHED_FROM = 'internal.serving.kserve.io/storage-initializer-sourceuri';

/** All is True, and what runs is another model than the spec names. */
function otherModelFindings(situation: Situation): Finding[] {
  const asked = textAt(situation.spec, 'predictor', 'model', 'storageUri');
  const ready = conditionOf(situation.conditions, 'Ready');
  const source = situation
    .own('Deployment')
    .map(deployment => ({
      deployment,
      annotations: fieldsOf(
        at(deployment, 'spec', 'template', 'metadata', 'annotations'),
      ),
    }))
    .find(
      ({ deployment, annotations }) =>
        nameOf(deployment) === backendOf(situation, '') &&
        textAt(annotations, FETCHED_FROM) !== '',
    );
  const fetched = textAt(source?.annotations, FETCHED_FROM);
  if (
    !source ||
    !asked ||
    asked === fetched ||
    ready?.status !== 'True' ||
    situation.mode !== 'Standard'
  ) {
    return [];
  }
  return [
    {
      state: 'unknown',
      sentence: `The status is out of date: the spec asks for ${clean(asked)}, but what runs was made for ${clean(fetched)}.`,
      evidence: [
        ...proof(titleOf(source.deployment), fetched),
        ...proof(titleOf(situation.subject), asked),
      ],
      next: "Wait a moment; when this stays so, see the events of the service and the log of KServe's controller.",
      rank: Rank.stale,
    },
  ];
}

/** Where a condition says that the workload is not ready, and all of it is. */
function notReadyFindings(situation: Situation): Finding[] {
  const workloads = ['Deployment', 'StatefulSet', 'LeaderWorkerSet'].flatMap(
    situation.own,
  );
  const claims = situation.conditions.filter(
    ({ type, status, severity }) =>
      ['WorkloadsReady', 'PredictorReady'].includes(type) &&
      status !== 'True' &&
      severity !== 'Info',
  );
  const component = (workload: Fields) =>
    textsAt(workload, 'metadata', 'labels').component;
  const relevant = workloads.filter(
    workload => !component(workload) || component(workload) === 'predictor',
  );
  const complete =
    relevant.length > 0 &&
    relevant.every(
      workload =>
        isComplete(workload) &&
        isObserved(workload) &&
        replicasOf(workload).desired > 0,
    ) &&
    situation.pods.every(isReady);
  const [claim] = claims;
  if (!claim || !complete || situation.mode === 'Knative') {
    return [];
  }
  const available = readConditions(relevant[0]).find(
    ({ type, status }) => type === 'Available' && status === 'True',
  );
  if (
    available?.time !== undefined &&
    claim.time !== undefined &&
    available.time < claim.time
  ) {
    return [];
  }
  return [
    {
      state: 'unknown',
      sentence: `The status is out of date: it says ${clean(claim.type)} is ${clean(claim.status)}, but ${shortName(relevant[0])} says that all replicas are ready.`,
      evidence: [
        ...proof(
          titleOf(relevant[0]),
          firstWords(available?.message ?? '') ||
            quoteFields(fieldsOf(relevant[0].status), 'readyReplicas', [
              'replicas',
              'updatedReplicas',
              'availableReplicas',
            ]),
        ),
        ...proof(
          titleOf(situation.subject),
          firstWords(claim.message) ||
            quoteFields(claim.raw, 'type', ['reason', 'status']),
        ),
      ],
      next: "Test the URL. Touch the object or restart KServe's controller, so that the status is written anew.",
      rank: Rank.contradicted,
    },
  ];
}

/** Where the status and what it speaks of say different things. */
export function contradictionFindings(situation: Situation): Finding[] {
  return [...notReadyFindings(situation), ...otherModelFindings(situation)];
}
