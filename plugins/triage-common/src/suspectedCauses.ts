// SPDX-License-Identifier: Apache-2.0
import type { Claim, TriageReport } from './report';

/**
 * What may be the cause where none is proven, the likeliest first: those of the claims
 * that `rootCause` names. Empty where a cause is identified, or nothing stands out.
 *
 * @public
 */
export function suspectedCauses({ claims, rootCause }: TriageReport): Claim[] {
  const named = rootCause.outcome === 'inconclusive' ? rootCause.evidence : [];
  return claims.filter(({ evidence: [first] }) =>
    named?.some(
      ({ line, source }) => line === first?.line && source === first.source,
    ),
  );
}
