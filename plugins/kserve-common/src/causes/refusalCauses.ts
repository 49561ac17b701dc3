// SPDX-License-Identifier: Apache-2.0
import type { Cause } from './Cause';

/** Why an object is refused or a reconcile fails, in the words of API server, webhooks and controllers. */
export const refusalCauses: readonly Cause[] = [
  {
    any: ['exceeded quota', 'failed quota'],
    words:
      'the ResourceQuota of the namespace does not allow it (exceeded quota)',
    next: 'Raise the quota, lower the requests, or stop something else.',
  },
  {
    any: [
      'violates podsecurity',
      'pod security',
      'unable to validate against any security context constraint',
    ],
    words: 'the Pod Security rules of the namespace forbid it',
    next: 'Set the securityContext that the rules ask for, or change the level of the namespace.',
  },
  {
    any: [
      'limitrange',
      'usage per container',
      'usage per pod',
      'per container is',
    ],
    words: 'the LimitRange of the namespace does not allow its resources',
    next: 'Keep requests and limits in the range of the namespace.',
  },
  {
    any: ['serviceaccount'],
    all: ['not found'],
    words: 'the ServiceAccount that it names does not exist (not found)',
    next: 'Create the ServiceAccount in this namespace, or correct serviceAccountName.',
  },
  {
    any: ['already managed by the hpa', 'already managed by the scaledobject'],
    words:
      'an HPA and KEDA would both be the autoscaler of one Deployment (already managed)',
    next: 'Delete the autoscaler that is no longer wanted; what runs keeps serving, but the change is not applied until then.',
  },
  {
    any: [
      'denied the request: spec.',
      'deploymentmode cannot be changed',
      'field is immutable',
      'is immutable',
      'is forbidden: updates to',
    ],
    words: 'the change is not allowed on an object that is there',
    next: 'Put the old value back, or make the object anew under another name.',
  },
  {
    any: ['failed calling webhook', 'failed to call webhook'],
    words: 'an admission webhook does not answer',
    next: 'See the pods, the Service and the certificate behind that webhook.',
  },
  {
    any: ['denied the request', 'admission webhook'],
    words: 'an admission webhook denied the request',
    next: 'Change what the webhook names.',
  },
  {
    any: ['no servingruntimes or clusterservingruntimes with the name'],
    words:
      'the serving runtime that the spec names does not exist (runtime not found)',
    next: 'Correct spec.predictor.model.runtime to a ServingRuntime or ClusterServingRuntime that exists, or create it.',
  },
  {
    any: [
      'no runtime found to support',
      'no supporting runtime',
      'nosupportingruntime',
      'no matching runtime',
    ],
    words: 'no serving runtime supports this model format and protocol',
    next: 'Install a ServingRuntime for the format (with autoSelect), or correct modelFormat, its version and protocolVersion.',
  },
  {
    any: ['does not support specified', 'runtimenotrecognized'],
    words:
      'the serving runtime that the spec names does not support this model format',
    next: 'Choose a runtime that supports the format, or leave runtime out.',
  },
  {
    any: ['runtime is disabled', 'is disabled'],
    words: 'the serving runtime is disabled',
    next: 'Enable the runtime, or choose another.',
  },
  {
    any: ['storageuri'],
    all: ['not supported'],
    words: 'the storageUri has a scheme that is not supported',
    next: 'Change storageUri to a supported scheme (s3, gs, https, pvc, hf, oci …); until then the edit is not applied.',
  },
  {
    any: ['llminferenceserviceconfig', 'combine base-config'],
    words:
      'an LLMInferenceServiceConfig (preset) that it builds on was not found or does not fit',
    next: "Install the LLMInferenceServiceConfig in this or KServe's namespace, or correct baseRefs.",
  },
  {
    any: ['knative services are not available', 'when knative'],
    words: 'it asks for Knative mode, but Knative is not installed',
    next: 'Install Knative Serving, or set serving.kserve.io/deploymentMode to Standard.',
  },
  {
    any: [
      'no matches for kind',
      'could not find the requested resource',
      'failed to get restmapping',
      'no kind is registered',
    ],
    words:
      'the cluster lacks a kind that KServe needs (its CRD is not installed)',
    next: 'Install what defines this kind, or change the mode or ingress that needs it.',
  },
  {
    any: ['do not own', 'not owned by', 'already exists'],
    words: 'an object of that name exists and belongs to someone else',
    next: 'Delete or rename that object.',
  },
  {
    any: [
      'duplicate value',
      'invalid value',
      'is invalid:',
      'required value',
      'unsupported value',
      'invalid format',
      'must be no more than',
      'must consist of',
      'failed to parse',
      'cannot unmarshal',
      'unknown field',
      'exceeds',
      'quantities must match',
    ],
    words: 'the spec is not valid',
    next: 'Correct the field that the message names.',
  },
  {
    any: ['x509', 'certificate'],
    words: 'a certificate is not trusted or has expired',
    next: 'Renew the certificate (cert-manager), and its CA where it is checked.',
  },
  {
    any: [
      'is forbidden',
      'cannot get resource',
      'cannot create resource',
      'cannot list resource',
      'cannot patch resource',
      'unauthorized',
    ],
    words: "the controller's account has no permission for that (RBAC)",
    next: "Give the controller's service account the permission that the message names.",
  },
  {
    any: [
      'inferenceservice-config',
      'storagecontainer',
      'storage config',
      'storage secret',
      'storage-config',
    ],
    words: "KServe's storage or service configuration does not fit",
    next: 'Correct the ConfigMap inferenceservice-config or the storage secret that the message names.',
  },
  {
    any: ['secret ', 'configmap ', 'secrets "', 'configmaps "'],
    all: ['not found'],
    words: 'a Secret or ConfigMap that it needs does not exist (not found)',
    next: 'Create it in this namespace, or correct its name.',
  },
  {
    any: [
      'connection refused',
      'deadline exceeded',
      'i/o timeout',
      'no endpoints available',
    ],
    words: 'something that it needs does not answer',
    next: 'See what the message names: whether it runs and can be reached.',
  },
  {
    any: ['panic', 'nil pointer dereference'],
    words: 'the controller itself fails over this object (panic)',
    next: 'This is a defect of the controller: look for a newer version, and leave out what the spec has of the unusual.',
  },
];
