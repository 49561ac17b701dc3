// SPDX-License-Identifier: Apache-2.0
import { createRedactor } from '../../redact/createRedactor';
import { CORES, readName } from '../../redact/secretNames';

/**
 * Whether a variable's value has to stay unseen: its name promises a secret, or the
 * two beside each other would be redacted.
 */
export function isSecretVariable(name: string, value: string): boolean {
  const promises = [...name.matchAll(CORES)].some(
    match => (readName(name, match)?.nameClass ?? 'weak') !== 'weak',
  );
  const text = `${name}=${value}`;
  return promises || createRedactor().redact(text) !== text;
}
