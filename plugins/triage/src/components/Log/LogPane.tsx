// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, Select, Skeleton, Text } from '@backstage/ui';
import type {
  Evidence,
  IncidentDetails,
} from '@greenroom/plugin-triage-common';
import { useMemo, useState } from 'react';
import { useLocation, useSearchParams } from 'react-router-dom';
import { Section, useLocale } from '@greenroom/ui';
import { formatNumber } from '../../formatting';
import { triageTranslationRef } from '../../translations';
import { FailedState } from '../FailedState';
import { useSourceWords } from '../Report';
import { findMatches } from './findMatches';
import { LogSearch } from './LogSearch';
import { LogText } from './LogText';
import { useLog } from './useLog';
import { useLogWords } from './useLogWords';

function LogReader(props: {
  incidentId: string;
  job: string;
  evidence: readonly Evidence[];
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const locale = useLocale();
  const words = useLogWords();
  const { evidence, incidentId, job } = props;
  const { hash } = useLocation();
  const [search, setSearch] = useState('');
  const [current, setCurrent] = useState(0);
  const quoted = useMemo(
    () =>
      new Set(
        evidence.filter(({ source }) => source === job).map(({ line }) => line),
      ),
    [evidence, job],
  );
  const [first = 1] = quoted;
  const named = /^#L(\d{1,9})$/.exec(hash)?.[1];
  const target = named ? Number(named) : undefined;
  const log = useLog(incidentId, job, target ?? first);
  const { lines } = log;
  const text = search.trim();
  const matches = useMemo(() => findMatches(lines, text), [lines, text]);

  const move = (step: 1 | -1) =>
    setCurrent(
      previous => (previous + step + matches.length) % (matches.length || 1),
    );
  const more = (label: string, load: (() => void) | undefined) =>
    load && (
      <Button
        size="small"
        variant="secondary"
        onPress={load}
        isPending={log.isLoading}
      >
        {label}
      </Button>
    );
  if (log.error) {
    return (
      <FailedState
        error={log.error}
        onRetry={log.retry}
        isRetrying={log.isLoading}
        notFound={words.notKept}
      />
    );
  }
  if (lines.length === 0) {
    return log.isLoading ? (
      <Skeleton width="100%" height="30rem" aria-busy="true" />
    ) : (
      <Text as="p">{words.empty}</Text>
    );
  }
  return (
    <>
      <LogSearch
        label={words.search}
        search={search}
        onSearch={value => {
          setSearch(value);
          setCurrent(0);
        }}
        matches={matches.length}
        current={current}
        onMove={move}
      />
      {more(t('log.earlier'), log.loadEarlier)}
      <LogText
        job={job}
        lines={lines}
        quoted={quoted}
        target={target}
        first={first}
        search={text}
        match={matches.length > 0 ? matches[current] : undefined}
      />
      <Flex gap="3" align="center" justify="between">
        <Text as="p" color="secondary">
          {t('log.shown', {
            shown: formatNumber(lines.length, locale),
            total: formatNumber(log.total, locale),
          })}
        </Text>
        {more(t('log.later'), log.loadLater)}
      </Flex>
    </>
  );
}

/** The kept logs of an incident: one is chosen, searched, and shown at the line of the address. */
export function LogPane(props: {
  incidentId: string;
  logs: IncidentDetails['logs'];
  /** What the report quotes, the most important first. */
  evidence: readonly Evidence[];
}) {
  const words = useLogWords();
  const { nameSource } = useSourceWords();
  const { evidence, incidentId, logs } = props;
  const [params, setParams] = useSearchParams();
  const asked = params.get('log');
  const job = (
    logs.find(log => log.job === asked) ??
    logs.find(log => evidence.some(({ source }) => source === log.job)) ??
    logs[0]
  )?.job;
  if (job === undefined) {
    return (
      <Section title={words.title}>
        <Text as="p">{words.none}</Text>
      </Section>
    );
  }
  return (
    <Section title={words.title}>
      <Flex direction="column" gap="3">
        {logs.length > 1 && (
          <Select
            label={words.picker}
            options={logs.map(log => ({
              value: log.job,
              label: nameSource(log.job),
            }))}
            value={job}
            onChange={value => setParams({ log: String(value) })}
          />
        )}
        <LogReader
          key={job}
          incidentId={incidentId}
          job={job}
          evidence={evidence}
        />
      </Flex>
    </Section>
  );
}
