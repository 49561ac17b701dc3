// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { isJson, timeAt } from '../read/json';
import {
  distinct,
  eventsLike,
  lineEvidence,
  linesLike,
  quoted,
} from './helpers';
import type { Candidate } from './types';

/** Certificates of the cluster that have ended, and what needs them. */
export function certificateCauses(situation: Situation): Candidate[] {
  const { objects, document, start } = situation;
  const expired = objects.filter(
    each =>
      each.kind === 'Certificate' &&
      (timeAt(each.raw, 'status', 'notAfter') ?? Infinity) <= start,
  );
  const [hit] = eventsLike(situation, /x509|certificate/, 0.5);
  const [line] = linesLike(
    situation,
    /certificate (?:has )?expired|x509: certificate/i,
  );
  const [certificate] = expired;
  if (!certificate && !(hit && /expired/.test(hit.message))) {
    return [];
  }
  const webhook = /webhook "([\w.-]{1,120})"/.exec(hit?.message ?? '')?.[1];
  const policy = objects.find(each =>
    each.kind.endsWith('WebhookConfiguration'),
  );
  const end = timeAt(certificate?.raw, 'status', 'notAfter');
  const isFail =
    isJson(policy?.raw) && JSON.stringify(policy.raw).includes('"Fail"');
  const quote = hit ?? undefined;
  return [
    {
      rule: 'certificate-expired',
      type: 'certificate',
      score: hit || line ? 9 : 6.5,
      isProven: Boolean(hit ?? line),
      statement: `The TLS certificate ${certificate ? `${certificate.name} (${certificate.namespace ?? ''})` : ''} ${end === undefined ? 'has expired' : `expired ${duration(start - end)} before the alert`}${webhook ? `; it serves the admission webhook ${webhook}${isFail ? ' (failurePolicy Fail)' : ''}, so that the API server rejects every new pod and replicas cannot be created` : ', so that connections that check it are refused'}${quote ? `: ${quoted(quote.message.slice(Math.max(0, quote.message.indexOf('x509'))), 160)}` : ''}.`,
      evidence: distinct([
        ...(hit ? [hit.evidence] : []),
        ...(line ? [lineEvidence(line.log, line.line)] : []),
        ...document.find(certificate, 'notAfter'),
        ...document.find(policy, 'failurePolicy'),
      ]),
      steps: [
        'Renew the certificate now (cert-manager: reissue; then restart what has loaded the old one, and its caBundle), and find out why it was not rotated.',
        'Alert on the expiry of certificates weeks before.',
      ],
    },
  ];
}
