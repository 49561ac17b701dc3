// SPDX-License-Identifier: Apache-2.0
import type { MlflowRunsResponse } from '@greenroom/plugin-mlflow-common';
import { isUnknown } from '../../api';
import type { RunsQuery } from '../../hooks/useRunsQuery';
import { EmptyState } from '../EmptyState';
import { GenAiNotices, hasGenAi } from '../References';

/** Why there are no runs to show. */
export function NoRuns(props: {
  runs: MlflowRunsResponse;
  query: RunsQuery;
  isGated: boolean;
}) {
  const { isGated, query, runs } = props;
  const { errors, experiments } = runs;
  if (query.paging.page > 1) {
    return <EmptyState reason="no-more" />;
  }
  if (
    isUnknown(errors) ||
    experiments.some(({ state }) => state === 'unknown')
  ) {
    return <EmptyState reason="unknown" />;
  }
  if (query.filter || query.topLevel) {
    return <EmptyState reason="no-matches" onClear={query.clear} />;
  }
  if (experiments.some(hasGenAi)) {
    return <GenAiNotices experiments={experiments} />;
  }
  return <EmptyState reason="no-runs" isGated={isGated} />;
}
