// SPDX-License-Identifier: Apache-2.0
import type { Situation } from '../facts/types';
import { distinct, lineEvidence, linesLike, quoted } from './helpers';
import type { Candidate } from './types';

const CANCELLED =
  /failed to receive watch request from gRPC stream[^\n]{0,300}(?:CANCEL|cancel+ed)/;

/** Watches that clients ended, which versions of etcd count as failed requests. */
export function watchCauses(situation: Situation): Candidate[] {
  const { alert, expression = '', metrics, text } = situation;
  const isOfWatch =
    /etcd\w{0,40}(?:Failed|GRPC)|grpc_server_handled_total/i.test(
      `${alert.labels.alertname} ${expression}`,
    ) && /watch/i.test(`${alert.labels.grpc_method} ${text}`);
  const [line] = linesLike(situation, CANCELLED);
  return isOfWatch && line
    ? [
        {
          rule: 'cancelled-watches',
          type: 'false-alarm',
          score: 9,
          isProven: true,
          statement: `False alarm: etcd counts each Watch that a client cancels as a failed gRPC request (Unavailable), and watches end in no other way, so that the share of failed ones is high while etcd is healthy: ${quoted(line.line.text)}.`,
          evidence: distinct([
            lineEvidence(line.log, line.line),
            ...metrics.slice(0, 2).map(({ evidence }) => evidence),
          ]),
          steps: [
            'Leave Watch out of the rule (grpc_method!="Watch"), as the newer etcd mixin does, or upgrade etcd; silence it until then; no other action is due.',
          ],
        },
      ]
    : [];
}
