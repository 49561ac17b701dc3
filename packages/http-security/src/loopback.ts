// SPDX-License-Identifier: Apache-2.0

/** The names of this machine that lead to itself, whatever a name server says. */
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Every `host:port` under which a server of this machine is addressed: the one
 * list that the portal, forge and MLflow of a local platform share.
 */
export function loopbackHosts(port: number): string[] {
  return LOOPBACK_NAMES.map(name => `${name}:${port}`);
}
