// SPDX-License-Identifier: Apache-2.0
import { codeSpan } from './codeSpan';

/** Nothing in it ends a Markdown or Slack link, or needs to be escaped. */
const SAFE_ADDRESS =
  /^https?:\/\/[A-Za-z0-9.:-]{1,255}\/[A-Za-z0-9._~/-]{0,1000}$/;

/** The run's address, when it is one that can be linked as it is: the incident's, never a log's. */
export function safeRunUrl(url: string | undefined): string | undefined {
  return url && SAFE_ADDRESS.test(url) ? url : undefined;
}

/** `[run 12](https://…)`, or its number alone. */
export function runLink(run: { id: string; url?: string }): string {
  const url = safeRunUrl(run.url);
  const isNumber = /^\d{1,20}$/.test(run.id);
  if (!url) {
    return `run ${codeSpan(run.id, 64)}`;
  }
  return isNumber
    ? `[run ${run.id}](${url})`
    : `[run](${url}) ${codeSpan(run.id, 64)}`;
}
