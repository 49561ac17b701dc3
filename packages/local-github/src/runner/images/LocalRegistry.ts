// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto';

/** The registry of images on this machine, which answers in place of GitHub's. */
export interface LocalRegistryOptions {
  /** For example `http://127.0.0.1:5000`. */
  url: string;
  /** What the registry checks the tokens of jobs with. */
  signingKey: string;
}

/** The registry that belongs to forge as ghcr.io does to GitHub. */
export const GITHUB_REGISTRY = 'ghcr.io';

/** Gives jobs their tokens for the local registry. */
export class LocalRegistry {
  readonly url: string;
  readonly #key: string;

  constructor(options: LocalRegistryOptions) {
    this.url = options.url;
    this.#key = options.signingKey;
  }

  /** Where a job's programs find the registries that they know by name. */
  get standIns(): Record<string, string> {
    return { [GITHUB_REGISTRY]: this.url };
  }

  /**
   * A token for one repository's images, `owner/name` and what is below it:
   * `base64url(claims).base64url(HMAC-SHA-256)`, as `go/registry/tokens.go` reads it.
   */
  issue(repository: string, push: boolean, seconds: number): string {
    const claims = Buffer.from(
      JSON.stringify({
        repository: repository.toLowerCase(),
        push,
        expires: Math.floor(Date.now() / 1000) + seconds,
      }),
    ).toString('base64url');
    const mac = createHmac('sha256', this.#key).update(claims);
    return `${claims}.${mac.digest('base64url')}`;
  }
}
