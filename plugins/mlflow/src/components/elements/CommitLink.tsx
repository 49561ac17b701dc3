// SPDX-License-Identifier: Apache-2.0
import type { MlflowRun } from '@greenroom/plugin-mlflow-common';
import { ExternalLink, shortenCommit } from '@greenroom/ui';
import styles from './elements.module.css';

/** A commit's first 7 characters, linked to it; the whole id on hover. */
export function CommitLink(props: {
  commit: NonNullable<MlflowRun['commit']>;
}) {
  const { sha, url } = props.commit;
  return (
    <span className={styles.code}>
      <ExternalLink url={url} text={shortenCommit(sha)} title={sha} />
    </span>
  );
}
