// SPDX-License-Identifier: Apache-2.0

/** Actions variables and secrets of an organisation, for all its repositories; forge has no routes for them. */
export interface OrganizationSettings {
  variables?: Record<string, string>;
  secrets?: Record<string, string>;
}

/** What organisations give to their repositories, by login. */
export class Organizations {
  readonly #settings: ReadonlyMap<string, OrganizationSettings>;

  constructor(settings: Record<string, OrganizationSettings>) {
    this.#settings = new Map(
      Object.entries(settings).map(([login, value]) => [
        login.toLowerCase(),
        value,
      ]),
    );
  }

  /** Variables of a repository's owner; the repository's own come before them. */
  variablesFor(repository: { owner: string }): Record<string, string> {
    return this.#settings.get(repository.owner.toLowerCase())?.variables ?? {};
  }

  /** The same for secrets. */
  secretsFor(repository: { owner: string }): Record<string, string> {
    return this.#settings.get(repository.owner.toLowerCase())?.secrets ?? {};
  }
}
