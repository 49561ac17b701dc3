// SPDX-License-Identifier: Apache-2.0
import type { Cause } from './Cause';

/** Why an image cannot be had, in the words of registries, container runtimes and Knative. */
export const imageCauses: readonly Cause[] = [
  {
    any: ['no space left on device', 'disk quota exceeded'],
    words: 'the node has no disk space left for the image',
    next: 'Free disk space on the node (unused images) or give it a larger disk.',
  },
  {
    any: ['toomanyrequests', 'rate limit', '429 too many requests'],
    words: 'the registry limits how many images may be pulled',
    next: 'Pull with an account (imagePullSecret) or through a mirror of the registry.',
  },
  {
    any: [
      'denied',
      'unauthorized',
      'forbidden',
      'authentication required',
      'no basic auth credentials',
      'authorization failed',
      'insufficient_scope',
      'invalid username/password',
    ],
    words:
      'the registry denies access: credentials (a pull secret) are missing or not valid, or the image does not exist',
    next: 'Attach a valid imagePullSecret for this registry to the service account of the predictor, and check the name of the image.',
  },
  {
    any: [
      'no matching manifest',
      'no match for platform',
      'does not match the specified platform',
    ],
    words: "the image was not built for the node's processor architecture",
    next: 'Use an image for the architecture of the node, or run it on nodes of the other architecture.',
  },
  {
    any: [
      'manifest unknown',
      'manifest_unknown',
      'not found',
      'name_unknown',
      'name unknown',
      'does not exist',
      'no such image',
    ],
    words: 'the registry does not have this image or tag (not found)',
    next: 'Correct the name or tag of the image, or push it.',
  },
  {
    any: ['x509', 'certificate', 'tls: '],
    words: "the registry's TLS certificate is not trusted",
    next: "Add the registry's CA to the nodes, and to Knative's controller where Knative resolves the digest.",
  },
  {
    any: ['server gave http response to https client'],
    words: 'the registry speaks HTTP, but HTTPS is expected',
    next: 'Serve the registry by TLS, or configure it as insecure on the nodes.',
  },
  {
    any: ['no such host', 'name resolution', 'server misbehaving'],
    words: 'the name of the registry cannot be resolved (DNS)',
    next: "Correct the registry's host name, or the DNS of the node.",
  },
  {
    any: [
      'deadline exceeded',
      'timeout',
      'timed out',
      'connection refused',
      'connection reset',
      'network is unreachable',
      'no route to host',
      'proxyconnect',
      'unexpected eof',
    ],
    words: 'the registry cannot be reached in time',
    next: 'Give the node, and the Knative controller where it resolves the digest, a way to the registry (egress, proxy); or pin the image by its digest, or add the registry to registries-skipping-tag-resolving of config-deployment.',
  },
  {
    any: [
      'invalid reference',
      'invalidimagename',
      'could not parse reference',
      "couldn't parse image",
    ],
    words: 'the name of the image is not valid',
    next: 'Correct the name of the image.',
  },
  {
    any: ['errimageneverpull', 'not present with pull policy of never'],
    words:
      'the image is not on the node, and imagePullPolicy Never forbids to pull it',
    next: 'Load the image onto the node, or change imagePullPolicy.',
  },
];
