// SPDX-License-Identifier: Apache-2.0
import {
  identityApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import type {
  IncidentDetails,
  StateRequest,
} from '@greenroom/plugin-triage-common';
import { useEffect, useState } from 'react';
import type { Act } from '../../hooks/useIncident';
import { triageTranslationRef } from '../../translations';
import styles from './Answer.module.css';

function useUserRef() {
  const identity = useApi(identityApiRef);
  const [userRef, setUserRef] = useState<string>();
  useEffect(() => {
    let isGone = false;
    identity.getBackstageIdentity().then(
      ({ userEntityRef }) => isGone || setUserRef(userEntityRef),
      // Who is not signed in is nobody to assign to.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [identity]);
  return userRef;
}

/** Acknowledge, resolve, open again, take and give back. */
export function IncidentActions(props: {
  details: IncidentDetails;
  act: Act;
  isActing: boolean;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const userRef = useUserRef();
  const { act, details, isActing } = props;
  const { incident, permissions } = details;
  const { assignee, id, state } = incident;
  const isDisabled = !permissions.update || isActing;
  const isOpen = state === 'new' || state === 'acknowledged';
  const set = (request: StateRequest) => () =>
    act(api => api.setState(id, request));
  const keptState = state === 'recovered' ? 'resolved' : state;

  const button = (
    words: string,
    request: StateRequest,
    variant: 'primary' | 'secondary' = 'secondary',
  ) => (
    <Button
      size="small"
      variant={variant}
      isDisabled={isDisabled}
      onPress={set(request)}
    >
      {words}
    </Button>
  );
  return (
    <div className={styles.actions}>
      {isOpen &&
        userRef &&
        (assignee === userRef
          ? button(t('actions.unassign'), { state: keptState, assignee: null })
          : button(t('actions.assign'), {
              state: keptState,
              assignee: userRef,
            }))}
      {state === 'new' &&
        button(t('actions.acknowledge'), { state: 'acknowledged' })}
      {isOpen && button(t('actions.resolve'), { state: 'resolved' }, 'primary')}
      {state === 'resolved' && button(t('actions.reopen'), { state: 'new' })}
      {!permissions.update && (
        <span className={styles.secondary}>{t('actions.notAllowed')}</span>
      )}
    </div>
  );
}
