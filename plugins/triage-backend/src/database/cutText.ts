// SPDX-License-Identifier: Apache-2.0

/** GitHub's longest branch has 244 bytes, a workflow's name any. */
const MAX_TEXT = 250;

/** What a column of names takes. */
export const cutText = (value: string) => value.slice(0, MAX_TEXT);
