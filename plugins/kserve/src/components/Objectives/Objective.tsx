// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import type { KserveObjective } from '@greenroom/plugin-kserve-common';
import { formatDuration, StatusLabel, useLocale } from '@greenroom/ui';
import { kserveTranslationRef } from '../../translations';
import { BurnRates } from './BurnRates';

/** Below this share of the budget its rest is worth a look. */
const LITTLE = 0.25;

function Budget(props: { objective: KserveObjective; isMeasured: boolean }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const locale = useLocale();
  const { budgetLeft, counted, kind } = props.objective;
  const toPercent = (share: number) =>
    new Intl.NumberFormat(locale, {
      style: 'percent',
      maximumFractionDigits: 0,
    }).format(share);
  if (!counted) {
    const isUncounted = props.isMeasured && kind === 'errors';
    return (
      <StatusLabel status="unknown">
        {t(isUncounted ? 'objectives.notCounted' : 'objectives.none')}
      </StatusLabel>
    );
  }
  if (budgetLeft === undefined) {
    return (
      <StatusLabel status="unknown">{t('objectives.tooLittle')}</StatusLabel>
    );
  }
  return budgetLeft > 0 ? (
    <StatusLabel status={budgetLeft < LITTLE ? 'warning' : 'success'}>
      {t('objectives.left', { share: toPercent(budgetLeft) })}
    </StatusLabel>
  ) : (
    <StatusLabel status="danger">
      {t('objectives.spent', { share: toPercent(1 - budgetLeft) })}
    </StatusLabel>
  );
}

/** What was counted, e.g. `41,200 requests since Nov 2: 78 failed, 206 are allowed`. */
function Counted(props: { objective: KserveObjective }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const locale = useLocale();
  const { counted, kind, target } = props.objective;
  if (!counted) {
    return null;
  }
  const { bad, requests, since } = counted;
  const toNumber = (count: number) =>
    new Intl.NumberFormat(locale).format(count);
  const allowed = Math.floor(requests * (1 - target) + 1e-6);
  const of = t('objectives.requests', {
    count: requests,
    formatted: toNumber(requests),
  });
  const from =
    since &&
    t('objectives.since', {
      time: new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(
        since,
      ),
    });
  const figures =
    kind === 'latency'
      ? t('objectives.slow', { count: bad })
      : t('objectives.failed', { count: bad });
  return (
    <Text as="p" color="secondary">
      {[of, from].filter(Boolean).join(' ')}
      {': '}
      {[figures, t('objectives.allowed', { count: allowed })].join(', ')}
    </Text>
  );
}

/** One objective in words, what is left of its budget, and how fast it is used up. */
export function Objective(props: {
  objective: KserveObjective;
  /** Whether requests of the model were measured at all. */
  isMeasured: boolean;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const locale = useLocale();
  const { isMeasured, objective } = props;
  const { days, kind, target, thresholdMs } = objective;
  const words = {
    target: new Intl.NumberFormat(locale, {
      style: 'percent',
      maximumFractionDigits: 3,
    }).format(target),
    days: String(days),
  };
  return (
    <Flex direction="column" gap="1">
      <Text as="h4" weight="bold">
        {t(`objectives.${kind}`)}
      </Text>
      <Text as="p">
        {kind === 'latency'
          ? t('objectives.latencyWords', {
              ...words,
              threshold: formatDuration(thresholdMs ?? 0, locale),
            })
          : t('objectives.errorsWords', words)}
      </Text>
      <div>
        <Budget objective={objective} isMeasured={isMeasured} />
      </div>
      <Counted objective={objective} />
      {objective.counted && <BurnRates objective={objective} />}
    </Flex>
  );
}
