// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Skeleton, Text } from '@backstage/ui';
import type {
  KserveObjective,
  KserveObjectivesResponse,
} from '@greenroom/plugin-kserve-common';
import { Name, StatusIcon } from '@greenroom/ui';
import { useId } from 'react';
import { kserveTranslationRef } from '../../translations';
import { Objective } from './Objective';
import styles from './Objectives.module.css';

const RANKS = ['firing', 'pending', 'over', 'long-only', 'calm'] as const;

/** What alerts is what somebody came for. */
const byUrgency = (a: KserveObjective, b: KserveObjective) => {
  const rank = ({ pairs }: KserveObjective) =>
    Math.min(...pairs.map(({ state }) => RANKS.indexOf(state)));
  return rank(a) - rank(b);
};

/** How the model keeps its objectives; nothing where no Prometheus is configured. */
export function Objectives(props: {
  error: Error | undefined;
  value: KserveObjectivesResponse | undefined;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { error, value } = props;
  const id = useId();
  if (value?.configured === false) {
    return null;
  }
  const problems = [
    ...(value?.errors ?? []),
    ...(error ? [t('objectives.unread')] : []),
  ];
  const isMeasured = value?.items.some(({ counted }) => counted) ?? false;
  return (
    <section aria-labelledby={id}>
      <Flex direction="column" gap="3">
        <Text as="h3" id={id} variant="body-large" weight="bold">
          {t('objectives.title')}
        </Text>
        {!value && !error && (
          <Skeleton width="100%" height="8rem" aria-busy="true" />
        )}
        <Flex direction="column" gap="5">
          {[...(value?.items ?? [])].sort(byUrgency).map(objective => (
            <Objective
              key={objective.kind}
              objective={objective}
              isMeasured={isMeasured}
            />
          ))}
        </Flex>
        {value && isMeasured && (
          <Text as="p" variant="body-small" color="secondary">
            {t('objectives.about', { days: String(value.items[0].days) })}
          </Text>
        )}
        {problems.map(problem => (
          <Text key={problem} as="p" className={styles.problem}>
            <StatusIcon status="warning" />
            <Name text={problem} />
          </Text>
        ))}
        {value && value.items.length === 0 && problems.length === 0 && (
          <Text as="p" color="secondary">
            {t('objectives.noRules')}
          </Text>
        )}
      </Flex>
    </section>
  );
}
