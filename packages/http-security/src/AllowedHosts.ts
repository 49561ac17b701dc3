// SPDX-License-Identifier: Apache-2.0
import { authorityOf, parseAuthority, type Authority } from './authority';
import { loopbackHosts } from './loopback';

const DEFAULT_PORTS = { 'http:': 80, 'https:': 443 };

interface Rule {
  matches(hostname: string): boolean;
  /** Undefined stands for every port. */
  ports?: Array<number | undefined>;
}

/** The hosts under which a server answers. */
export class AllowedHosts {
  readonly #rules: Rule[];

  private constructor(rules: Rule[]) {
    this.#rules = rules;
  }

  /**
   * @param options.urls - base URLs of the server; their hosts are allowed with just their port
   * @param options.hosts - `name` for any port, `name:port`, or `.name` for a domain and what is below it
   * @param options.key - the configuration key of `hosts`, for the error about one that cannot be read
   */
  static create(options: {
    urls?: string[];
    hosts?: string[];
    key?: string;
  }): AllowedHosts {
    const { urls = [], hosts = [], key = 'hosts' } = options;
    return new AllowedHosts([
      ...urls.map(ruleOfUrl),
      ...hosts.map((host, index) => ruleOfHost(host, `${key}[${index}]`)),
    ]);
  }

  /**
   * True for an allowed host, and for a loopback name with the port that the
   * request came in on.
   */
  includes({ hostname, port }: Authority, localPort?: number): boolean {
    const named = `${hostname}:${port ?? (localPort === 443 ? 443 : 80)}`;
    return (
      (localPort !== undefined && loopbackHosts(localPort).includes(named)) ||
      this.#rules.some(
        rule => rule.matches(hostname) && (rule.ports?.includes(port) ?? true),
      )
    );
  }
}

function ruleOfUrl(url: string): Rule {
  const authority = authorityOf(url);
  if (!authority) {
    throw new Error(`"${url}" is not an http or https URL`);
  }
  const { hostname, port } = authority;
  const isDefault = port === undefined;
  const { protocol } = new URL(url);
  return {
    matches: name => name === hostname,
    ports: isDefault
      ? [undefined, DEFAULT_PORTS[protocol === 'https:' ? 'https:' : 'http:']]
      : [port],
  };
}

function ruleOfHost(text: string, key: string): Rule {
  const isDomain = text.startsWith('.');
  const authority = parseAuthority(isDomain ? text.slice(1) : text);
  if (!authority || authority.hostname.startsWith('.')) {
    throw new Error(
      `${key} must be a host name such as portal.example.com, one with a port such as portal.example.com:8443, or a domain such as .example.com, but is "${text}"`,
    );
  }
  const { hostname, port } = authority;
  return {
    matches: name =>
      name === hostname || (isDomain && name.endsWith(`.${hostname}`)),
    ...(port && { ports: [port] }),
  };
}
