// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  KserveContainer,
  KservePod,
} from '@greenroom/plugin-kserve-common';
import { Name, RelativeTime, type Status, StatusLabel } from '@greenroom/ui';
import { kserveTranslationRef } from '../../translations';
import styles from './Details.module.css';
import { TableFrame } from './TableFrame';

function getStatus(container: KserveContainer): Status {
  const { init, ready, reason, state } = container;
  if (state === 'running') {
    return ready || init ? 'success' : 'running';
  }
  if (state === 'terminated') {
    return reason === 'Completed' ? 'success' : 'danger';
  }
  return reason && /(?:BackOff|Err|Invalid|Never|Failed)/.test(reason)
    ? 'danger'
    : 'waiting';
}

function LastTermination(props: {
  termination: NonNullable<KserveContainer['lastTermination']>;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { exitCode, finishedAt, message, reason } = props.termination;
  return (
    <>
      {reason && <Name text={reason} />}
      {exitCode !== undefined && (
        <> {t('details.exitCode', { code: String(exitCode) })}</>
      )}{' '}
      {finishedAt !== undefined && <RelativeTime time={finishedAt} />}
      {message && (
        <div className={styles.secondary}>
          <Name text={message} />
        </div>
      )}
    </>
  );
}

/** A row for each container of each pod: what it does, how often it fell, and of what. */
export function PodsTable(props: { pods: readonly KservePod[] }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  return (
    <TableFrame label={t('details.pods')}>
      <thead>
        <tr>
          <th scope="col">{t('details.pod')}</th>
          <th scope="col">{t('details.container')}</th>
          <th scope="col">{t('details.status')}</th>
          <th scope="col" className={styles.figure}>
            {t('details.restarts')}
          </th>
          <th scope="col">{t('details.lastTermination')}</th>
        </tr>
      </thead>
      <tbody>
        {props.pods.flatMap(pod =>
          pod.containers.map((container, index) => (
            <tr key={`${pod.name}:${container.name}`}>
              {index === 0 && (
                <td rowSpan={pod.containers.length} className={styles.message}>
                  <Name text={pod.name} />
                  <div className={styles.secondary}>
                    {[pod.component, pod.phase, pod.node]
                      .filter(Boolean)
                      .join(' · ')}
                  </div>
                </td>
              )}
              <td className={styles.short}>
                <Name text={container.name} />
                {container.init && (
                  <span className={styles.secondary}> {t('details.init')}</span>
                )}
              </td>
              <td className={styles.message}>
                <StatusLabel status={getStatus(container)}>
                  {container.reason ??
                    t(
                      container.state === 'running' &&
                        !container.ready &&
                        !container.init
                        ? 'details.notReady'
                        : `details.${container.state}`,
                    )}
                </StatusLabel>
                {container.message && (
                  <div className={styles.secondary}>
                    <Name text={container.message} />
                  </div>
                )}
              </td>
              <td className={styles.figure}>{container.restarts}</td>
              <td className={styles.message}>
                {container.lastTermination && (
                  <LastTermination termination={container.lastTermination} />
                )}
              </td>
            </tr>
          )),
        )}
      </tbody>
    </TableFrame>
  );
}
