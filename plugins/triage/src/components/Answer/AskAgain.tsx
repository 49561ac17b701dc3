// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, TextAreaField } from '@backstage/ui';
import type { Incident } from '@greenroom/plugin-triage-common';
import { useState } from 'react';
import { Section } from '@greenroom/ui';
import type { Act } from '../../hooks/useIncident';
import { triageTranslationRef } from '../../translations';
import { isRunning } from '../Incidents';
import styles from './Answer.module.css';

const MAX_LENGTH = 2_000;

/** Asks for a new report, with what a person knows and the log does not say. */
export function AskAgain(props: {
  incident: Incident;
  act: Act;
  isActing: boolean;
  isAllowed: boolean;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { act, incident, isActing, isAllowed } = props;
  const [hint, setHint] = useState('');
  const ask = async () => {
    const request = { hint: hint.trim() || undefined };
    if (await act(api => api.analyze(incident.id, request))) {
      setHint('');
    }
  };
  return (
    <Section title={t('again.title')}>
      <Flex direction="column" gap="3">
        <TextAreaField
          label={t('again.hint')}
          description={t('again.description')}
          rows={2}
          maxLength={MAX_LENGTH}
          value={hint}
          onChange={setHint}
          isDisabled={!isAllowed}
        />
        <Flex gap="3" align="center">
          <Button
            variant="secondary"
            onPress={ask}
            isPending={isActing}
            isDisabled={!isAllowed || isRunning(incident)}
          >
            {t('again.ask')}
          </Button>
          {!isAllowed && (
            <span className={styles.secondary}>{t('again.notAllowed')}</span>
          )}
        </Flex>
      </Flex>
    </Section>
  );
}
