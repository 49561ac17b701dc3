// SPDX-License-Identifier: Apache-2.0
import { Detection, Detector, groupRange } from './detection';

// RFC 7517 and 7518: `kty` says that it is a key, these are its private parts.
const TYPE = /["']kty/g;
const MEMBER =
  /["'](?:d|p|q|dp|dq|qi|k)\\{0,3}["'] {0,3}: {0,3}\\{0,3}["']([A-Za-z0-9_-]{16,1400}={0,2})/dg;

/** A key of RSA with 16 Ki bits, and all of its parts. */
const NEAR = 16 * 1024;

/** Private members of JSON Web Keys, whose names are too short to say anything. */
export const findWebKeys: Detector = (text, lower) => {
  const found: Detection[] = [];
  if (!lower.includes('kty')) {
    return found;
  }
  const types = [...text.matchAll(TYPE)].map(match => match.index);
  let nearest = 0;
  for (const match of text.matchAll(MEMBER)) {
    while (
      nearest + 1 < types.length &&
      Math.abs(types[nearest + 1] - match.index) <=
        Math.abs(types[nearest] - match.index)
    ) {
      nearest++;
    }
    const [start, end] = groupRange(match, 1) ?? [0, 0];
    if (Math.abs((types[nearest] ?? Infinity) - match.index) <= NEAR) {
      const secret = text.slice(start, end);
      found.push({ start, end, kind: 'web-key', secret, certain: false });
    }
  }
  return found;
};
