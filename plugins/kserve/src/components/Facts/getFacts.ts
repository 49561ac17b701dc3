// SPDX-License-Identifier: Apache-2.0
import type {
  KserveComponent,
  KserveInferenceService,
} from '@greenroom/plugin-kserve-common';

/** An image's repository without its host, and its tag or the digest's begin. */
export function shortenImage(image: string) {
  const [name, digest] = image.split('@sha256:');
  const last = name.slice(name.lastIndexOf('/') + 1);
  return digest ? `${last}@${digest.slice(0, 7)}` : last;
}

function join(quantities: Record<string, string> | undefined) {
  return Object.entries(quantities ?? {})
    .map(([name, quantity]) => `${name} ${quantity}`)
    .join(', ');
}

/** What a component asks for and may use at most, as Kubernetes writes quantities. */
export function getResources({ resources }: KserveComponent) {
  return {
    requests: join(resources?.requests),
    limits: join(resources?.limits),
  };
}

/** The nodes that an inference service's pods run on, each once. */
export function getNodes({ pods }: KserveInferenceService) {
  return [...new Set(pods.flatMap(({ node }) => node ?? []))];
}
