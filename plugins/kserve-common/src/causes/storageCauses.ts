// SPDX-License-Identifier: Apache-2.0
import type { Cause } from './Cause';

/** Why Hugging Face does not give a model. */
export const accessCauses: readonly Cause[] = [
  {
    any: [
      'gatedrepoerror',
      'is restricted',
      'access to model',
      'cannot access gated repo',
      'gated repo',
      'awaiting a review',
      'please log in',
    ],
    words:
      'Hugging Face does not give this gated model without an accepted token (HF_TOKEN)',
    next: 'Accept the licence of the model, and give the token (HF_TOKEN) to the container that fetches it: for the storage-initializer by a Secret on the service account or in the ClusterStorageContainer.',
  },
  {
    any: [
      'repositorynotfounderror',
      'repository not found for url',
      'not a valid model identifier',
      'revisionnotfounderror',
      'entrynotfounderror',
      'entry not found for url',
    ],
    words:
      'Hugging Face does not know this model, revision or file (or the token may not see it)',
    next: 'Correct the name of the model and its revision; for a private one give a token (HF_TOKEN).',
  },
  {
    any: ['hfvalidationerror', 'repo id must'],
    words: 'the model id is not a valid Hugging Face name',
    next: 'Correct the hf:// URI: hf://ORGANISATION/MODEL[:REVISION].',
  },
];

/** Why a model cannot be fetched, in the words of storage clients. */
export const storageCauses: readonly Cause[] = [
  {
    any: [
      'localentrynotfounderror',
      'offlinemodeisenabled',
      "couldn't connect to 'https://huggingface.co'",
      'cannot find the requested files in the disk cache',
    ],
    words: 'Hugging Face cannot be reached, and the model is not in the cache',
    next: 'Give the pod a way to huggingface.co (egress, proxy, DNS), or serve the model from own storage.',
  },
  {
    any: ['429 client error', 'too many requests', 'slowdown'],
    words: 'the storage limits how often it is asked (429 too many requests)',
    next: 'Ask with an account (HF_TOKEN), less often, or keep the model in own storage.',
  },
  {
    any: ['anonymous credentials cannot be refreshed', 'anonymous caller'],
    words:
      'Google Cloud Storage refuses anonymous access: the path does not exist or is not public (Anonymous credentials)',
    next: "Check that the gs:// path exists and is public; for a private bucket attach a service account's key. A missing object is answered the same way.",
  },
  {
    any: [
      'defaultcredentialserror',
      'nocredentialserror',
      'unable to locate credentials',
      'could not automatically determine credentials',
      'no valid credential sources',
      'credentialunavailableerror',
      'defaultazurecredential failed',
    ],
    words: 'no credentials for the storage were found',
    next: 'Attach a Secret with credentials to the service account, and name that account in the spec.',
  },
  {
    any: [
      'invalidaccesskeyid',
      'signaturedoesnotmatch',
      'expiredtoken',
      'invalidclienttokenid',
      'invalid_grant',
      'authenticationfailed',
      'invalidtoken',
      'token has expired',
      'requesttimetooskewed',
      'unrecognizedclientexception',
    ],
    words: 'the storage does not accept the credentials (wrong or expired)',
    next: 'Renew the credentials in the storage Secret.',
  },
  {
    any: [
      'nosuchbucket',
      'bucket does not exist',
      'the specified bucket does not exist',
      'containernotfound',
      'the specified container does not exist',
      'invalidbucketname',
      'bucket not found',
    ],
    words: 'the bucket does not exist',
    next: 'Correct the bucket in the storageUri, or the endpoint of the storage.',
  },
  {
    any: [
      'nosuchkey',
      'blobnotfound',
      'no such object',
      'failed to fetch model. no model found',
      'no objects found',
      'an error occurred (404)',
      'path does not exist',
      'key does not exist',
      'does not exist or is empty',
      'no model found in',
    ],
    words: 'the path of the model does not exist in the storage (not found)',
    next: 'Correct the storageUri, or put the model there.',
  },
  {
    any: [
      'permanentredirect',
      'illegallocationconstraint',
      'authorizationheadermalformed',
      'the region',
    ],
    words: 'the bucket is in another region than the one that is asked',
    next: 'Set the region (and endpoint) of the storage Secret to those of the bucket.',
  },
  {
    any: [
      'an error occurred (403)',
      '403 get',
      'accessdenied',
      'access denied',
      '403 forbidden',
      '403 client error',
      'status code 403',
      'authorizationpermissionmismatch',
      'does not have storage.objects',
      'http 403',
      'authorizationfailure',
    ],
    words:
      'the storage denies access (403): its credentials do not allow reading the model',
    next: 'Allow the account of the storage Secret to read (and list) the path, or correct the Secret.',
  },
  {
    any: [
      '401 client error',
      '401 unauthorized',
      'status code 401',
      'http 401',
      'unauthorized',
    ],
    words: 'the storage refuses the credentials (401 unauthorized)',
    next: 'Give valid credentials for the storage.',
  },
  {
    any: ['404 client error', '404 not found', 'status code 404'],
    words: 'the URI of the model is not there (404 not found)',
    next: 'Correct the storageUri.',
  },
  {
    any: [
      'cannot recognize storage type',
      'cannot recognise storage type',
      'unsupported storage',
      'no storage provider',
      'unknown protocol',
    ],
    words: 'the scheme of the storageUri is not supported',
    next: 'Use a scheme that KServe supports: s3, gs, hf, https, pvc, oci, abfs or hdfs.',
  },
  {
    any: [
      'temporary failure in name resolution',
      'name or service not known',
      'nameresolutionerror',
      'no such host',
      'failed to resolve',
      'could not resolve host',
      'getaddrinfo',
      'nodename nor servname',
    ],
    words: 'a host name cannot be resolved (DNS, name resolution)',
    next: 'Make DNS reachable for this container (CoreDNS, egress rules); for an init container beside an Istio sidecar use Istio CNI or exclude port 53; check the host name.',
  },
  {
    any: [
      'certificate_verify_failed',
      'certificate verify failed',
      'x509:',
      'sslerror',
      'ssl validation failed',
      'sslcertverificationerror',
      'pkix path building failed',
    ],
    words: 'the TLS certificate of what it asks is not trusted',
    next: 'Give the container the CA (cabundle of the storage configuration), or correct the certificate.',
  },
  {
    any: [
      'endpointconnectionerror',
      'could not connect to the endpoint',
      'connecttimeout',
      'readtimeout',
      'max retries exceeded',
      'newconnectionerror',
      'network is unreachable',
      'no route to host',
      'connection timed out',
      'connection refused',
      'connection reset by peer',
      'incompleteread',
      'chunkedencodingerror',
      'proxyerror',
      'remotedisconnected',
    ],
    words: 'a host that it needs cannot be reached (network)',
    next: 'Check the address and port, the NetworkPolicy, proxy and egress between this pod and that host.',
  },
  {
    any: [
      'no space left on device',
      'disk quota exceeded',
      'not enough free disk space',
      'not enough disk space',
      'usage of emptydir volume',
    ],
    words: 'there is no disk space left for the model',
    next: 'Give the pod more room: a larger volume or ephemeral-storage limit, or a node with more disk.',
  },
];
