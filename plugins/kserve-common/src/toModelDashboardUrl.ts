// SPDX-License-Identifier: Apache-2.0

/** Of model-serving.dashboard.json in platform/monitoring of a repository of manifests. */
const UID = 'model-serving';

/**
 * Address of Grafana's dashboard `model-serving` for inference services, their namespaces
 * and names filled in; undefined where `grafana.domain` is no address of http or https, or no
 * service is given. Times are in ms since 1970, or as Grafana writes them (`now-6h`).
 *
 * @public
 */
export function toModelDashboardUrl(
  domain: string | undefined,
  services: ReadonlyArray<{ namespace: string; name: string }>,
  range: { from: number | string; to: number | string },
): string | undefined {
  if (!domain || !URL.canParse(domain) || services.length === 0) {
    return undefined;
  }
  const url = new URL(domain);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return undefined;
  }
  url.pathname = `${url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : url.pathname}/d/${UID}`;
  url.hash = '';
  url.search = String(
    new URLSearchParams([
      ...unique(
        services.map(({ namespace }) => namespace),
        'var-namespace',
      ),
      ...unique(
        services.map(({ name }) => name),
        'var-model',
      ),
      ['from', String(range.from)],
      ['to', String(range.to)],
    ]),
  );
  return url.href;
}

function unique(values: string[], key: string): string[][] {
  return [...new Set(values)].map(value => [key, value]);
}
