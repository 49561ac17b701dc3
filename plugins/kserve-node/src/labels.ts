// SPDX-License-Identifier: Apache-2.0

/** Labels by which an InferenceService says which component it belongs to. @public */
export const COMPONENT_LABELS = [
  'backstage.io/kubernetes-id',
  'app.kubernetes.io/part-of',
];
/** Label of KServe on all that belongs to an InferenceService. @public */
export const SERVICE_LABEL = 'serving.kserve.io/inferenceservice';
/** Labels of KServe on what belongs to an LLMInferenceService. @public */
export const LLM_SELECTOR = 'app.kubernetes.io/part-of=llminferenceservice';
