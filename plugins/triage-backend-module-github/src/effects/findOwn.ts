// SPDX-License-Identifier: Apache-2.0
import { readReportMarker } from '@greenroom/triage-engine';

/** GitHub calls whoever may write to the repository one of these. */
const TRUSTED = ['OWNER', 'MEMBER', 'COLLABORATOR'];

/** What carries our marker: a comment or an issue. @public */
export interface MarkedBody {
  body?: string | null;
  author_association?: string;
  user?: { type?: string } | null;
}

/**
 * Whether it is a report of this signature that we, or the repository's own triage,
 * wrote. Anybody may write a marker; what an outsider wrote is not renewed.
 *
 * @public
 */
export function isOwnReport(item: MarkedBody, signature: string): boolean {
  return (
    readReportMarker(item.body ?? '') === signature &&
    (item.user?.type === 'Bot' ||
      TRUSTED.includes(item.author_association ?? ''))
  );
}
