// SPDX-License-Identifier: Apache-2.0

/** An image's name in parts. */
export interface ImageReference {
  /** Host and, where there is one, port: `ghcr.io`. */
  registry: string;
  /** Path below the registry: `acme/churn`. */
  repository: string;
  tag?: string;
  /** `sha256:…`; it counts where a tag is given, too. */
  digest?: string;
}

const REPOSITORY = /^[a-z0-9][a-z0-9._/-]*[a-z0-9]$|^[a-z0-9]$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Reads an image's name as container runtimes do; undefined if it is none. A name without a registry is Docker Hub's. */
export function parseReference(image: string): ImageReference | undefined {
  const [named, digest, ...more] = image.split('@');
  const slash = named.indexOf('/');
  const host = named.slice(0, Math.max(slash, 0));
  const hasHost = /[.:]/.test(host) || host === 'localhost';
  const registry = hasHost ? host : 'docker.io';
  const rest = hasHost ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(':');
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  const repository =
    registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  if (
    more.length > 0 ||
    path.length > 255 ||
    /\/\/|\.\./.test(path) ||
    !REPOSITORY.test(path) ||
    (tag !== undefined && !TAG.test(tag)) ||
    (digest !== undefined && !DIGEST.test(digest))
  ) {
    return undefined;
  }
  return {
    registry,
    repository,
    ...(digest ? { digest } : { tag: tag ?? 'latest' }),
  };
}

/** The full name, as messages have it: `ghcr.io/acme/churn@sha256:…`. */
export function formatReference(reference: ImageReference): string {
  const { registry, repository, tag, digest } = reference;
  return `${registry}/${repository}${digest ? `@${digest}` : `:${tag}`}`;
}
