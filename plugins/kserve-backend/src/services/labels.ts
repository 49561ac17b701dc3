// SPDX-License-Identifier: Apache-2.0

/** Labels by which an InferenceService says which component it belongs to. */
export const COMPONENT_LABELS = [
  'backstage.io/kubernetes-id',
  'app.kubernetes.io/part-of',
];
/** Label of KServe on all that belongs to an InferenceService. */
export const SERVICE_LABEL = 'serving.kserve.io/inferenceservice';
/** Labels of KServe on what belongs to an LLMInferenceService. */
export const LLM_SELECTOR = 'app.kubernetes.io/part-of=llminferenceservice';
