// SPDX-License-Identifier: Apache-2.0

/** A repository on its host. */
export interface Repository {
  /** With its port, where it has one. */
  host: string;
  /** `owner/name` */
  repository: string;
}

/** `host/owner/name`, in small letters, as GitHub compares names. */
export function toRepositoryKey({ host, repository }: Repository): string {
  return `${host}/${repository}`.toLowerCase();
}
