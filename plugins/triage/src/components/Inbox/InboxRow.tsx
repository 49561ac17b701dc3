// SPDX-License-Identifier: Apache-2.0
import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Badge, Link } from '@backstage/ui';
import type { InboxResponse } from '@greenroom/plugin-triage-common';
import { Name, RelativeTime, StatusLabel } from '@greenroom/ui';
import { formatEntityName } from '../../formatting';
import { catalogEntityRouteRef, incidentRouteRef } from '../../routes';
import { triageTranslationRef } from '../../translations';
import { isRunning } from '../Incidents';
import { StateLabel } from '../elements';
import styles from './Inbox.module.css';

/** A model whose pipeline failed: which, why in one line, since when, and whose it is. */
export function InboxRow(props: { incident: InboxResponse['items'][number] }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const entityRoute = useRouteRef(catalogEntityRouteRef);
  const getReportUrl = useRouteRef(incidentRouteRef);
  const { incident } = props;
  const { assignee, branch, entityRef, failedAt, id, priority, repository } =
    incident;
  const { summary, title, type } = incident;
  const reportUrl = getReportUrl?.({ id });
  const getEntityUrl = () => {
    if (!entityRef || !entityRoute) {
      return undefined;
    }
    const { kind, name, namespace } = parseEntityRef(entityRef);
    return entityRoute({
      kind: kind.toLocaleLowerCase('en-US'),
      namespace,
      name,
    });
  };
  const entityUrl = getEntityUrl();
  const model = (
    <Name text={entityRef ? formatEntityName(entityRef) : (repository ?? '')} />
  );
  return (
    <tr>
      <td>
        {isRunning(incident) ? (
          <StatusLabel status="running">
            {t(`stage.${incident.progress.stage}`)}
          </StatusLabel>
        ) : (
          <StateLabel state={incident.state} />
        )}
        {priority && <div className={styles.secondary}>{priority}</div>}
      </td>
      <th scope="row">
        {entityUrl ? <Link href={entityUrl}>{model}</Link> : model}
        {branch && (
          <div className={styles.secondary}>
            <Name text={branch} />
          </div>
        )}
      </th>
      <td className={styles.why}>
        {reportUrl ? (
          <Link href={reportUrl}>
            <Name text={title} />
          </Link>
        ) : (
          <Name text={title} />
        )}
        {summary && (
          <div className={styles.secondary}>
            <Name text={summary} />
          </div>
        )}
      </td>
      <td>{type && <Badge>{t(`type.${type}`)}</Badge>}</td>
      <td>
        <RelativeTime time={failedAt} />
        {assignee && (
          <div className={styles.secondary}>
            {t('report.assignedTo')} <Name text={formatEntityName(assignee)} />
          </div>
        )}
      </td>
    </tr>
  );
}
