// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Badge, Button, Card, CardBody, Flex, Text } from '@backstage/ui';
import { useId } from 'react';
import { Name, RelativeTime } from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import type { Cause } from './groupIncidents';
import { IncidentRow } from './IncidentRow';
import styles from './Incidents.module.css';

/** So many runs of a cause are listed until it is chosen. */
const SHOWN = 5;

/** A cause, how often it was seen and where, and the runs that it made fail. */
export function CauseBlock(props: {
  cause: Cause;
  getUrl: (id: string) => string | undefined;
  hasRepository: boolean;
  /** Shows this cause only; absent where that is so. */
  onChoose?: (signature: string) => void;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const titleId = useId();
  const { getUrl, hasRepository, onChoose } = props;
  const { group, incidents } = props.cause;
  const [first] = incidents;
  const { signature } = first;
  const type = group?.type ?? first.type;
  const shown = onChoose ? incidents.slice(0, SHOWN) : incidents;
  const count = group?.count ?? incidents.length;
  const repositories = group?.repositories.length ?? 1;
  return (
    <section aria-labelledby={titleId}>
      <Card>
        <CardBody>
          <Flex direction="column" gap="3">
            <Flex direction="column" gap="1">
              <Flex gap="2" align="center" className={styles.head}>
                {type && <Badge>{t(`type.${type}`)}</Badge>}
                {count > 1 && (
                  <Text color="secondary">
                    {t('incidents.count', { count })}
                  </Text>
                )}
                {repositories > 1 && (
                  <Text color="secondary">
                    {t('incidents.repositories', { count: repositories })}
                  </Text>
                )}
              </Flex>
              <Text as="h2" id={titleId} variant="body-large" weight="bold">
                <Name
                  text={first.summary ?? group?.summary ?? t('incidents.none')}
                />
              </Text>
              {group && count > 1 && (
                <Text as="p" color="secondary">
                  {t('incidents.firstSeen')}{' '}
                  <RelativeTime time={group.firstSeen} />
                  {' · '}
                  {t('incidents.lastSeen')}{' '}
                  <RelativeTime time={group.lastSeen} />
                </Text>
              )}
            </Flex>
            <ul className={styles.rows}>
              {shown.map(incident => (
                <IncidentRow
                  key={incident.id}
                  incident={incident}
                  url={getUrl(incident.id)}
                  hasRepository={hasRepository}
                />
              ))}
            </ul>
            {onChoose && signature && count > shown.length && (
              <Flex>
                <Button
                  size="small"
                  variant="secondary"
                  onPress={() => onChoose(signature)}
                >
                  {t('incidents.all', { count })}
                </Button>
              </Flex>
            )}
          </Flex>
        </CardBody>
      </Card>
    </section>
  );
}
