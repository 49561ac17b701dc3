// SPDX-License-Identifier: Apache-2.0

/** One family of series in Prometheus' text form. */
export interface MetricFamily {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  samples: { labels: Record<string, string>; value: number }[];
}

/** The content type of what {@link formatMetrics} makes. */
export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Families as Prometheus reads them; one without samples is left out. */
export function formatMetrics(families: MetricFamily[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(
      ({ name, help, type, samples }) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples
          .map(
            ({ labels, value }) => `${name}${formatLabels(labels)} ${value}\n`,
          )
          .join('')}`,
    )
    .join('');
}

function formatLabels(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) =>
      `${name}="${value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"')}"`,
  );
  return `{${pairs.join(',')}}`;
}
