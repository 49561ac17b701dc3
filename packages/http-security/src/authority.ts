// SPDX-License-Identifier: Apache-2.0
import { isIPv4, isIPv6 } from 'node:net';

/** Who a request is addressed to, or comes from: the host and port of a URL. */
export interface Authority {
  /** In lower case, without the dot that ends an absolute name; IPv6 in brackets. */
  hostname: string;
  /** Undefined stands for the scheme's default. */
  port?: number;
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{0,5}))?$/;

/** Reads `host[:port]` as RFC 9110 has it in the Host field; undefined when it is no such thing. */
export function parseAuthority(text: string): Authority | undefined {
  const [, name, digits] = HOST.exec(text.toLowerCase()) ?? [];
  if (!name) {
    return undefined;
  }
  const port = digits ? Number(digits) : undefined;
  const hostname = name.replace(/\.$/, '');
  if (
    !hostname ||
    port === 0 ||
    (port ?? 0) > 65_535 ||
    (name.startsWith('[') && !isIPv6(name.slice(1, -1)))
  ) {
    return undefined;
  }
  return { hostname, ...(port && { port }) };
}

/** The host and port of an http or https URL, whose default ports are left out; undefined for anything else. */
export function authorityOf(url: string): Authority | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    return undefined;
  }
  return parseAuthority(new URL(url).host);
}

/** True for an address of IPv4 or IPv6, which no name server can point elsewhere. */
export function isIpAddress({ hostname }: Authority): boolean {
  return isIPv4(hostname) || hostname.startsWith('[');
}
