// SPDX-License-Identifier: Apache-2.0
import { createHash, timingSafeEqual } from 'node:crypto';
import { Duplex } from 'node:stream';

/** Who may use a proxy. */
export interface ProxyCredentials {
  user: string;
  password: string;
}

/** Which port of this machine's loopback address an address leads to; undefined where it leads nowhere. */
export type Route = (host: string, port: number) => number | undefined;

/** Lets both ends talk until either is gone. */
export function tunnel(one: Duplex, other: Duplex): void {
  one.pipe(other);
  other.pipe(one);
  one.on('close', () => other.destroy());
  other.on('close', () => one.destroy());
}

/** Compares two texts in a time that does not tell where they differ. */
export function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
