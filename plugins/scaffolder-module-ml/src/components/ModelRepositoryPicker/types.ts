// SPDX-License-Identifier: Apache-2.0

/** Who may see a repository, in GitHub's words. */
export type RepositoryVisibility = 'private' | 'internal' | 'public';

/** What the field answers; see templates/model-service/template.yaml. */
export interface RepositoryValue {
  host?: string;
  owner?: string;
  /** Only when it is not the component's name. */
  name?: string;
  visibility?: RepositoryVisibility;
}
