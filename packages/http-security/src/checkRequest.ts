// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http';
import type { AllowedHosts } from './AllowedHosts';
import {
  authorityOf,
  isIpAddress,
  parseAuthority,
  type Authority,
} from './authority';

/** Whose requests a server answers. */
export interface RequestPolicy {
  hosts: AllowedHosts;
  /** Origins of pages that may use the server, beside those that it serves itself. */
  isAllowedOrigin?(origin: string): boolean;
  /**
   * Paths that answer an IP address, or nobody in particular, as well: probes
   * and load balancers know no name.
   */
  probes?: RegExp;
  /** Paths whose GET hands out what only a page of ours may have, such as a token. */
  protectedReads?: RegExp;
  /** Paths to which pages of others post by protocol, and which check what they get themselves. */
  foreignPosts?: RegExp;
  /** What to do about a refused host or origin, for the message. */
  advice: { host: string; origin: string };
}

/** Why a request is not answered. */
export interface Refusal {
  status: 400 | 403 | 421;
  name: string;
  message: string;
}

const nameOf = ({ hostname, port }: Authority) =>
  port ? `${hostname}:${port}` : hostname;

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];

/**
 * Refuses a request that was addressed to another host (DNS rebinding), or that
 * a page of another site sent (request forgery). The host is that of the Host
 * field, of the request target where it names one, and of X-Forwarded-Host,
 * which would else be believed further in; all of them must be allowed.
 *
 * Sec-Fetch-Site is what a browser says of a request without Origin; a program
 * that is no browser sends neither, and no page can make it do so.
 */
export function checkRequest(
  request: IncomingMessage,
  policy: RequestPolicy,
): Refusal | undefined {
  const target = readTarget(request.url ?? '');
  if (!target) {
    return malformed('The request target is no path and no URL.');
  }
  return (
    checkHost(request, policy, target) ?? checkOrigin(request, policy, target)
  );
}

interface Target {
  path: string;
  /** Where a proxy was asked for this URL (RFC 9112, absolute-form). */
  authority?: Authority;
}

function readTarget(url: string): Target | undefined {
  if (url.startsWith('/') || url === '*') {
    return { path: url.split('?', 1)[0] };
  }
  const authority = authorityOf(url);
  return authority && { path: new URL(url).pathname, authority };
}

function checkHost(
  request: IncomingMessage,
  policy: RequestPolicy,
  target: Target,
): Refusal | undefined {
  const isProbe = Boolean(policy.probes?.test(target.path));
  const { host } = request.headers;
  const count = request.rawHeaders.filter(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'host',
  ).length;
  if (count > 1) {
    return malformed('The request names its host more than once.');
  }
  if (!host && !isProbe) {
    return malformed('The request does not name its host.');
  }
  const forwarded = String(request.headers['x-forwarded-host'] ?? '');
  const names = [host, ...forwarded.split(',')]
    .map(name => name?.trim() ?? '')
    .filter(Boolean);
  const authorities: Authority[] = target.authority ? [target.authority] : [];
  for (const name of names) {
    const authority = parseAuthority(name);
    if (!authority) {
      return malformed(`${quote(name)} is no host name.`);
    }
    authorities.push(authority);
  }
  const foreign = authorities.find(
    authority =>
      !policy.hosts.includes(authority, request.socket.localPort) &&
      !(isProbe && isIpAddress(authority)),
  );
  return (
    foreign && {
      status: 421,
      name: 'MisdirectedRequestError',
      message: `This server does not answer to the host ${quote(nameOf(foreign))}. ${policy.advice.host}`,
    }
  );
}

function checkOrigin(
  request: IncomingMessage,
  policy: RequestPolicy,
  target: Target,
): Refusal | undefined {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const method = request.method ?? '';
  if (method === 'POST' && policy.foreignPosts?.test(target.path)) {
    return undefined;
  }
  const isRead =
    SAFE_METHODS.includes(method) && !policy.protectedReads?.test(target.path);
  if (origin === undefined) {
    return isRead ||
      site === undefined ||
      ['same-origin', 'none'].includes(`${site}`)
      ? undefined
      : forbidden(`a page of another site (${quote(`${site}`)})`, policy);
  }
  // A page that hides its address posts with `null`; its browser still vouches for it.
  const isOwn =
    (origin === 'null' && site === 'same-origin') ||
    isSameHost(origin, request.headers.host ?? '') ||
    policy.isAllowedOrigin?.(origin);
  return isOwn ? undefined : forbidden(`the origin ${quote(origin)}`, policy);
}

/** Whether a page's origin is the host that it calls, which has been checked before. */
function isSameHost(origin: string, host: string): boolean {
  const [page, called] = [authorityOf(origin), parseAuthority(host)];
  return Boolean(page && called && nameOf(page) === nameOf(called));
}

function forbidden(who: string, policy: RequestPolicy): Refusal {
  return {
    status: 403,
    name: 'NotAllowedError',
    message: `This server does not answer to ${who}. ${policy.advice.origin}`,
  };
}

function malformed(message: string): Refusal {
  return { status: 400, name: 'InputError', message };
}

/** Foreign text on one short line. */
function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
