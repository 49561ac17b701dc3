// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import type {
  ReportedMetric,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import { Name, Section } from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import { Code } from '../elements';
import { MetricGraph } from './MetricGraph';
import styles from './MetricGraph.module.css';

/** Names each series by the labels that tell it from the others. */
function nameSeries({ expression, series }: ReportedMetric) {
  const names = [
    ...new Set(series.flatMap(({ labels }) => Object.keys(labels))),
  ];
  const telling = names.filter(
    name => new Set(series.map(({ labels }) => labels[name])).size > 1,
  );
  return series.map(({ labels, points }, index) => ({
    name:
      telling.map(name => `${name}="${labels[name] ?? ''}"`).join(', ') ||
      (series.length > 1 ? String(index + 1) : expression),
    points,
  }));
}

function Metric(props: {
  metric: ReportedMetric;
  startsAt?: number;
  endsAt?: number;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { metric } = props;
  const series = nameSeries(metric).filter(({ points }) => points.length > 0);
  if (series.length === 0) {
    return null;
  }
  return (
    <Flex direction="column" gap="2">
      <Code text={metric.expression} />
      <MetricGraph
        label={t('metrics.graphOf', { expression: metric.expression })}
        series={series}
        startsAt={props.startsAt}
        endsAt={props.endsAt}
      />
      {series.length > 1 && (
        <ul className={styles.legend}>
          {series.map(({ name }, index) => (
            <li key={name} className={styles[`key${index % 4}`]}>
              <Name text={name} />
            </li>
          ))}
        </ul>
      )}
    </Flex>
  );
}

/** What was measured around an alert; nothing for what has no metrics. */
export function Metrics(props: { report: TriageReport }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { incident, metrics = [] } = props.report;
  const { alert } = incident;
  if (metrics.every(({ series }) => series.length === 0)) {
    return null;
  }
  return (
    <Section title={t('metrics.title')}>
      <Flex direction="column" gap="4">
        {alert && (
          <Text as="p" color="secondary">
            {t('metrics.firing')}
          </Text>
        )}
        {metrics.map(metric => (
          <Metric
            key={metric.expression}
            metric={metric}
            startsAt={alert && Date.parse(alert.startsAt)}
            endsAt={alert?.endsAt ? Date.parse(alert.endsAt) : undefined}
          />
        ))}
      </Flex>
    </Section>
  );
}
