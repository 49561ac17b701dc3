// SPDX-License-Identifier: Apache-2.0
import {
  explainInferenceService,
  type KubernetesObject,
} from '@greenroom/plugin-kserve-common';
import { z } from 'zod';

const revisionsSchema = z.object({
  status: z
    .object({
      components: z
        .record(
          z.string(),
          z.object({
            latestCreatedRevision: z.string().optional(),
            latestReadyRevision: z.string().optional(),
          }),
        )
        .optional(),
    })
    .optional(),
  spec: z.object({ canary: z.array(z.unknown()).optional() }).optional(),
});

/** How a thing in a cluster is. */
export interface Judgement {
  /** In a few words. */
  is: string;
  /** Whether a rollout or rollback may be under way. */
  isSettled: boolean;
}

const unsettled = (is: string): Judgement => ({ is, isSettled: false });

/** Whether one version has all requests, and no other is coming or on trial. */
export function judgeInferenceService(
  object: KubernetesObject,
  options: {
    /** Of its namespace: its Deployments and what routes to it. */
    others: readonly KubernetesObject[];
    /** Of the cluster, ms since 1970. */
    now: number;
  },
): Judgement {
  const { name = '', namespace = '' } = object.metadata ?? {};
  const { data } = revisionsSchema.safeParse(object);
  if (!data) {
    return unsettled('is in no known form');
  }
  const components = Object.values(data.status?.components ?? {});
  const rolling = components.find(
    ({ latestCreatedRevision: created, latestReadyRevision: ready }) =>
      created && created !== ready,
  );
  if (rolling) {
    return unsettled(
      `is still rolling out revision ${rolling.latestCreatedRevision}`,
    );
  }
  const { sentence, state, traffic } = explainInferenceService({
    objects: [object, ...options.others],
    subject: { name, namespace },
    now: options.now,
  });
  if (state === 'stopped') {
    return { is: 'is stopped on purpose', isSettled: true };
  }
  if (state !== 'ready') {
    return unsettled(`is ${state}: ${sentence}`);
  }
  const shares = (traffic ?? []).filter(({ percent }) => percent > 0);
  const latest = data.status?.components?.predictor?.latestCreatedRevision;
  if (shares.length > 1 || data.spec?.canary?.length) {
    const words = shares.map(
      ({ percent, revision }) => `${revision} ${percent} %`,
    );
    return unsettled(
      `has a version on trial (${words.join(', ') || 'canary'})`,
    );
  }
  if (latest && shares.some(({ revision }) => revision !== latest)) {
    return unsettled(`is rolled back: revision ${latest} gets no requests`);
  }
  return { is: 'is ready', isSettled: true };
}
