// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Badge, Link } from '@backstage/ui';
import { triageDocumentSchema } from '@greenroom/plugin-triage-common';
import { Name, RelativeTime } from '@greenroom/ui';
import { formatEntityName } from '../../formatting';
import { triageTranslationRef } from '../../translations';
import { StateLabel } from '../elements';
import styles from './TriageSearchResult.module.css';

/** A report among the results of a search: what failed and why, where, and how it stands. */
export function TriageSearchResult(props: { result?: unknown }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const parsed = triageDocumentSchema.safeParse(props.result);
  // One that another version of the backend indexed; the next run renews it.
  if (!parsed.success) {
    return null;
  }
  const { branch, entityRef, failedAt, failureType, location, state } =
    parsed.data;
  return (
    <div className={styles.root}>
      <Link href={location}>
        <Name text={parsed.data.title} />
      </Link>
      <div>
        <Name text={parsed.data.summary} />
      </div>
      <div className={styles.facts}>
        <StateLabel state={state} />
        <Badge>{t(`type.${failureType}`)}</Badge>
        <Name text={formatEntityName(entityRef)} />
        {branch && <Name text={branch} />}
        <RelativeTime time={failedAt} />
      </div>
    </div>
  );
}
