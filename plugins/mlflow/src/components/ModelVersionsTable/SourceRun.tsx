// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { MlflowModelVersion } from '@greenroom/plugin-mlflow-common';
import { ExternalLink, Name } from '@greenroom/ui';
import { getRunName } from '../../formatting';
import { mlflowTranslationRef } from '../../translations';

/** The run that a version was made from, or why it cannot be shown. */
export function SourceRun(props: { version: MlflowModelVersion }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { run, runId = '', runMissing } = props.version;
  if (run) {
    return <ExternalLink url={run.url} text={getRunName(run)} isClipped />;
  }
  return runMissing ? (
    <span title={runId}>{t(`runMissing.${runMissing}`)}</span>
  ) : (
    <Name text={runId} isClipped />
  );
}
