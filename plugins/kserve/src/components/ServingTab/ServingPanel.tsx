// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex } from '@backstage/ui';
import type { KserveInferenceService } from '@greenroom/plugin-kserve-common';
import { DashboardLink, Section } from '@greenroom/ui';
import { kserveTranslationRef } from '../../translations';
import { Details } from '../Details';
import { Sentence, Why } from '../Explanation';
import { Facts } from '../Facts';
import { listFiring, Objectives, useObjectives } from '../Objectives';
import { RolloutSteps } from '../Rollout';
import { TrafficBars } from '../Traffic';
import { TryIt } from '../TryIt';
import styles from './ServingTab.module.css';

/** One inference service: how it is and why, then all that is known of it. */
export function ServingPanel(props: {
  entityRef: string;
  service: KserveInferenceService;
  isLastKnown: boolean;
  permissions: { logs: boolean; predict: boolean };
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { entityRef, isLastKnown, permissions, service } = props;
  const { cluster, name, namespace, rollout, traffic } = service;
  const objectives = useObjectives({ entityRef, cluster, name, namespace });
  return (
    <div className={styles.service}>
      <div className={styles.columns}>
        <Section
          title={
            <>
              {name}{' '}
              <span className={styles.place}>
                {t('panel.place', { namespace, cluster })}
              </span>
            </>
          }
          actions={
            <DashboardLink services={[service]} from="now-6h" to="now" />
          }
        >
          <Flex direction="column" gap="5">
            <Flex direction="column" gap="3">
              <Sentence
                service={service}
                firing={listFiring(objectives.value)}
                isLastKnown={isLastKnown}
              />
              <Why explanation={service.explanation} />
            </Flex>
            <TrafficBars traffic={traffic} />
            <Objectives error={objectives.error} value={objectives.value} />
            {rollout.length > 0 && <RolloutSteps steps={rollout} />}
            <Facts service={service} />
            <Details
              entityRef={entityRef}
              service={service}
              canReadLogs={permissions.logs}
            />
          </Flex>
        </Section>
        <TryIt
          entityRef={entityRef}
          service={service}
          canPredict={permissions.predict}
        />
      </div>
    </div>
  );
}
