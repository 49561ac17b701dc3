// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey } from 'node:crypto';

/** A GitHub App that is installed in some repositories of forge. */
export interface GithubAppOptions {
  clientId: string;
  /** Its name in addresses; it acts as `slug[bot]`. */
  slug: string;
  /** PEM of the key that belongs to its private one. */
  publicKey: string;
  /** Where it is installed, as `owner/name`. */
  repositories: string[];
  /** What it may do there, by GitHub's names, e.g. `{ contents: 'write' }`. */
  permissions: Record<string, 'read' | 'write'>;
}

/** The GitHub Apps that forge knows. It has no pages or routes of them: they are given when it starts. */
export class GithubApps {
  readonly #apps: readonly GithubAppOptions[];

  constructor(apps: readonly GithubAppOptions[]) {
    this.#apps = apps;
  }

  get isEmpty(): boolean {
    return this.#apps.length === 0;
  }

  /**
   * The App of an id, for who has its private key.
   *
   * @throws in GitHub's words if there is none, or the key is not its
   */
  authenticate(clientId: string, privateKey: string): GithubAppOptions {
    const app = this.#apps.find(each => each.clientId === clientId);
    if (!app) {
      throw new Error('Integration not found');
    }
    let given: string;
    try {
      given = publicKeyOf(privateKey.replaceAll('\\n', '\n'));
    } catch {
      throw new Error('Invalid keyData');
    }
    if (given !== normalize(app.publicKey)) {
      throw new Error('A JSON web token could not be decoded');
    }
    return app;
  }
}

function publicKeyOf(privateKey: string): string {
  const key = createPublicKey(createPrivateKey(privateKey));
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

function normalize(publicKey: string): string {
  return createPublicKey(publicKey)
    .export({ type: 'spki', format: 'pem' })
    .toString();
}
