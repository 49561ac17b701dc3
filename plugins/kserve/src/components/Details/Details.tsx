// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Accordion,
  AccordionGroup,
  AccordionPanel,
  AccordionTrigger,
  Text,
} from '@backstage/ui';
import type { KserveInferenceService } from '@greenroom/plugin-kserve-common';
import { useState, type ReactNode } from 'react';
import { kserveTranslationRef } from '../../translations';
import { Logs } from '../Logs';
import { ConditionsTable } from './ConditionsTable';
import { EventsTable } from './EventsTable';
import { ModelStatus } from './ModelStatus';
import { PodsTable } from './PodsTable';

/** A part that is made only when it is opened. */
function Fold(props: {
  title: string;
  subtitle?: string;
  children: () => ReactNode;
}) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Accordion onExpandedChange={setIsOpen}>
      <AccordionTrigger title={props.title} subtitle={props.subtitle} />
      <AccordionPanel>{isOpen && props.children()}</AccordionPanel>
    </Accordion>
  );
}

/** All there is to look up of an inference service, folded. */
export function Details(props: {
  entityRef: string;
  service: KserveInferenceService;
  canReadLogs: boolean;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { canReadLogs, entityRef, service } = props;
  const { conditions, events, pods } = service;
  const restarts = pods
    .flatMap(({ containers }) => containers)
    .reduce((sum, container) => sum + container.restarts, 0);
  const warnings = events.filter(({ type }) => type === 'Warning').length;
  const met = conditions.filter(({ status }) => status === 'True').length;
  const none = (words: string) => (
    <Text as="p" color="secondary">
      {words}
    </Text>
  );
  return (
    <AccordionGroup allowsMultiple>
      <Fold
        title={t('details.conditions')}
        subtitle={t('details.conditionsMet', {
          met: String(met),
          count: conditions.length,
        })}
      >
        {() => (
          <>
            {conditions.length > 0 ? (
              <ConditionsTable conditions={conditions} />
            ) : (
              none(t('details.noConditions'))
            )}
            {service.modelStatus && (
              <ModelStatus modelStatus={service.modelStatus} />
            )}
          </>
        )}
      </Fold>
      <Fold
        title={t('details.pods')}
        subtitle={[
          t('details.podCount', { count: pods.length }),
          restarts > 0 ? t('details.restartCount', { count: restarts }) : '',
        ]
          .filter(Boolean)
          .join(', ')}
      >
        {() =>
          pods.length > 0 ? (
            <PodsTable pods={pods} />
          ) : (
            none(t('details.noPods'))
          )
        }
      </Fold>
      <Fold
        title={t('details.events')}
        subtitle={[
          t('details.eventCount', { count: events.length }),
          warnings > 0 ? t('details.warningCount', { count: warnings }) : '',
        ]
          .filter(Boolean)
          .join(', ')}
      >
        {() =>
          events.length > 0 ? (
            <EventsTable events={events} />
          ) : (
            none(t('details.noEvents'))
          )
        }
      </Fold>
      <Fold title={t('details.logs')}>
        {() => (
          <Logs entityRef={entityRef} service={service} canRead={canReadLogs} />
        )}
      </Fold>
    </AccordionGroup>
  );
}
