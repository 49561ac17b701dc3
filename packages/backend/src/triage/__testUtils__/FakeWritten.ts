// SPDX-License-Identifier: Apache-2.0

/** A comment or an issue that was written. */
export interface FakeWritten {
  id: number;
  repository: string;
  body: string;
  /** Of a comment: where it is. */
  on?: string;
  state?: string;
  title?: string;
  labels?: string[];
  assignees?: string[];
}
