// SPDX-License-Identifier: Apache-2.0
import type { Prompt } from './types';

/** A manifest, a sync or an image kept a model from being served. */
export const deploymentPrompt: Prompt = {
  id: 'deployment',
  version: 1,
  types: ['manifest', 'argo-sync', 'image-pull'],
  task: `The deployment of a model failed: a manifest was refused, Argo CD did not sync, or an image was not pulled. Explain to the engineer on call:
- which resource (kind, namespace, name) failed, and at which stage: rendering, validation, admission, sync, image pull or start;
- which field, policy, image reference or permission the message names;
- whether the cause is in the manifests, in the registry, in the cluster's policies, or outside of all of them.
The first resource that failed explains those that wait for it. Say nothing of the state of the cluster that no line shows.`,
};
