// SPDX-License-Identifier: Apache-2.0
import type {
  GithubRepositories,
  RepositoryAddress,
  RepositoryState,
} from './GithubRepositories';

/**
 * Whether the GitOps repository is there. Only to be mentioned: it may be made
 * later, and be hidden from the portal's token; undefined when GitHub does not say.
 */
export async function findManifests(
  github: GithubRepositories,
  address: RepositoryAddress,
  options: { input: { token?: string }; signal?: AbortSignal },
): Promise<RepositoryState['state'] | undefined> {
  const { input, signal } = options;
  try {
    const { state } = await github.inspect(address, {
      token: input.token,
      signal,
    });
    return state;
  } catch {
    return undefined;
  }
}
