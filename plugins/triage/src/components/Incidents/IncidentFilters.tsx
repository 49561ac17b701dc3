// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, SearchField, Select } from '@backstage/ui';
import {
  FAILURE_TYPES,
  INCIDENT_STATES,
} from '@greenroom/plugin-triage-common';
import { RiCloseLine } from '@remixicon/react';
import { useState } from 'react';
import { triageTranslationRef } from '../../translations';
import styles from './Incidents.module.css';
import type { Filters } from './useFilters';

const ALL = 'all';

/** State, type and branch of the incidents that are shown. */
export function IncidentFilters(props: {
  filters: Filters;
  setFilter: (name: keyof Filters, value: string | undefined) => void;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { filters, setFilter } = props;
  const [branch, setBranch] = useState(filters.branch ?? '');
  const choose = (name: keyof Filters) => (value: unknown) =>
    setFilter(name, value === ALL ? undefined : String(value));
  return (
    <Flex
      gap="3"
      align="end"
      className={styles.filters}
      role="search"
      aria-label={t('filters.label')}
    >
      <Select
        className={styles.choice}
        label={t('filters.state')}
        options={[
          { value: ALL, label: t('filters.allStates') },
          ...INCIDENT_STATES.map(state => ({
            value: state,
            label: t(`state.${state}`),
          })),
        ]}
        value={filters.state ?? ALL}
        onChange={choose('state')}
      />
      <Select
        className={styles.choice}
        label={t('filters.type')}
        options={[
          { value: ALL, label: t('filters.allTypes') },
          ...FAILURE_TYPES.map(type => ({
            value: type,
            label: t(`type.${type}`),
          })),
        ]}
        value={filters.type ?? ALL}
        onChange={choose('type')}
      />
      <SearchField
        className={styles.branch}
        label={t('filters.branch')}
        placeholder={t('filters.branchHint')}
        value={branch}
        onChange={setBranch}
        onSubmit={value => setFilter('branch', value.trim() || undefined)}
        onClear={() => setFilter('branch', undefined)}
      />
      {filters.signature && (
        <Button
          variant="secondary"
          iconEnd={<RiCloseLine />}
          onPress={() => setFilter('signature', undefined)}
        >
          {t('filters.oneCause')}
        </Button>
      )}
    </Flex>
  );
}
