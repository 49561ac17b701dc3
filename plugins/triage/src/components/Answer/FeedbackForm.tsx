// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, Radio, RadioGroup, TextAreaField } from '@backstage/ui';
import type {
  FeedbackRequest,
  IncidentDetails,
} from '@greenroom/plugin-triage-common';
import { useState } from 'react';
import { Name, RelativeTime, Section } from '@greenroom/ui';
import { formatEntityName } from '../../formatting';
import type { Act } from '../../hooks/useIncident';
import { triageTranslationRef } from '../../translations';
import styles from './Answer.module.css';

const MAX_LENGTH = 2_000;

function Given(props: { feedback: IncidentDetails['feedback'] }) {
  const { t } = useTranslationRef(triageTranslationRef);
  return (
    <ul className={styles.given} aria-label={t('feedback.given')}>
      {props.feedback.map(({ at, by, done, reason, rootCause, useful }) => (
        <li key={by}>
          <Name text={formatEntityName(by)} />:{' '}
          {useful ? t('feedback.useful') : t('feedback.notUseful')}
          {rootCause && `, ${t(`feedback.cause.${rootCause}`)}`}{' '}
          <span className={styles.secondary}>
            <RelativeTime time={at} />
          </span>
          {[reason, done].filter(Boolean).map(text => (
            <div key={text} className={styles.secondary}>
              <Name text={text ?? ''} />
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}

/** What a person says of a report: useful or not, right or wrong, what was done. */
export function FeedbackForm(props: {
  details: IncidentDetails;
  act: Act;
  isActing: boolean;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { act, details, isActing } = props;
  const { feedback, incident, permissions, report } = details;
  const [useful, setUseful] = useState<string>('');
  const [rootCause, setRootCause] = useState<string>('');
  const [reason, setReason] = useState('');
  const [done, setDone] = useState('');
  const isDisabled = !permissions.update;

  const send = async () => {
    const request: FeedbackRequest = {
      useful: useful === 'yes',
      reason: reason.trim() || undefined,
      rootCause:
        rootCause === 'right' || rootCause === 'wrong' ? rootCause : undefined,
      done: done.trim() || undefined,
    };
    if (await act(api => api.sendFeedback(incident.id, request))) {
      setUseful('');
      setRootCause('');
      setReason('');
      setDone('');
    }
  };
  return (
    <Section title={t('feedback.title')}>
      <Flex direction="column" gap="4">
        {feedback.length > 0 && <Given feedback={feedback} />}
        <RadioGroup
          label={t('feedback.question')}
          orientation="horizontal"
          value={useful}
          onChange={setUseful}
          isDisabled={isDisabled}
        >
          <Radio value="yes">{t('feedback.useful')}</Radio>
          <Radio value="no">{t('feedback.notUseful')}</Radio>
        </RadioGroup>
        {report?.rootCause.outcome === 'identified' && (
          <RadioGroup
            label={t('feedback.causeQuestion')}
            orientation="horizontal"
            value={rootCause}
            onChange={setRootCause}
            isDisabled={isDisabled}
          >
            <Radio value="right">{t('feedback.right')}</Radio>
            <Radio value="wrong">{t('feedback.wrong')}</Radio>
          </RadioGroup>
        )}
        {useful !== '' && (
          <>
            <TextAreaField
              label={t('feedback.reason')}
              rows={2}
              maxLength={MAX_LENGTH}
              value={reason}
              onChange={setReason}
              isDisabled={isDisabled}
            />
            <TextAreaField
              label={t('feedback.done')}
              rows={2}
              maxLength={MAX_LENGTH}
              value={done}
              onChange={setDone}
              isDisabled={isDisabled}
            />
          </>
        )}
        <Flex gap="3" align="center">
          <Button
            variant="secondary"
            onPress={send}
            isPending={isActing}
            isDisabled={isDisabled || useful === ''}
          >
            {t('feedback.send')}
          </Button>
          {isDisabled && (
            <span className={styles.secondary}>{t('actions.notAllowed')}</span>
          )}
        </Flex>
      </Flex>
    </Section>
  );
}
