// SPDX-License-Identifier: Apache-2.0
import { toError } from '@backstage/errors';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Button, Flex, Text } from '@backstage/ui';
import type {
  IncidentDetails,
  IncidentReport as Draft,
} from '@greenroom/plugin-triage-common';
import { CopyButton, Section } from '@greenroom/ui';
import { useState } from 'react';
import { getErrorWords, triageApiRef } from '../../api';
import type { Act } from '../../hooks/useIncident';
import { triageTranslationRef } from '../../translations';
import styles from './ReportPage.module.css';

/** Drafts an incident report when asked; a person reads it before it goes anywhere. */
export function IncidentReport(props: {
  details: IncidentDetails;
  act: Act;
  isActing: boolean;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const api = useApi(triageApiRef);
  const toasts = useApi(toastApiRef);
  const { act, details, isActing } = props;
  const { incident, permissions } = details;
  const [draft, setDraft] = useState<Draft>();
  const [isDrafting, setIsDrafting] = useState(false);
  const show = async () => {
    setIsDrafting(true);
    try {
      setDraft(await api.getIncidentReport(incident.id));
    } catch (error) {
      toasts.post({
        title: getErrorWords(toError(error)).message,
        status: 'danger',
      });
    } finally {
      setIsDrafting(false);
    }
  };
  return (
    <Section title={t('postmortem.title')}>
      <Flex direction="column" gap="3" align="start">
        <Text as="p" color="secondary">
          {t('postmortem.description')}
        </Text>
        {draft && (
          <>
            <Flex gap="2" align="center">
              <span className={styles.secondary}>
                {t('postmortem.path', { path: draft.path })}
              </span>
              <CopyButton text={draft.markdown} />
            </Flex>
            <pre
              className={styles.draft}
              // A frame that scrolls is reached by keyboard.
              // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              tabIndex={0}
              role="region"
              aria-label={t('postmortem.draft')}
            >
              {draft.markdown}
            </pre>
          </>
        )}
        <Flex gap="3" align="center">
          <Button variant="secondary" onPress={show} isPending={isDrafting}>
            {t('postmortem.show')}
          </Button>
          {draft && (
            <Button
              onPress={() =>
                act(each => each.proposeIncidentReport(incident.id))
              }
              isPending={isActing}
              isDisabled={!permissions.update}
            >
              {t('postmortem.propose')}
            </Button>
          )}
        </Flex>
        {draft && !permissions.update && (
          <span className={styles.secondary}>{t('postmortem.notAllowed')}</span>
        )}
      </Flex>
    </Section>
  );
}
