// SPDX-License-Identifier: Apache-2.0
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  MlflowInstanceError,
  MlflowListResponse,
  MlflowModelSummary,
} from '@greenroom/plugin-mlflow-common';
import { getPace, mlflowApiRef } from '../../api';
import { usePaging } from '../../hooks/usePaging';
import { usePolledResource } from '../../hooks/usePolledResource';

/** What one instance fails with is said once, not for each model. */
function getErrors(models: MlflowListResponse<MlflowModelSummary> | undefined) {
  const errors = new Map<string, MlflowInstanceError>();
  for (const error of [
    ...(models?.errors ?? []),
    ...(models?.items ?? []).flatMap(({ overview }) => overview.errors),
  ]) {
    // What one model names wrongly is a row of that model.
    if (error.code !== 'NOT_FOUND' && error.code !== 'BAD_REQUEST') {
      errors.set(`${error.instance}:${error.code}`, error);
    }
  }
  return [...errors.values()];
}

/** One page of the signed-in user's models whose names hold `search`. */
export function useModels(search: string) {
  const api = useApi(mlflowApiRef);
  const paging = usePaging(search);
  const { pageToken } = paging;
  const resource = usePolledResource({
    key: JSON.stringify([search, pageToken]),
    load: options =>
      api.listModels({ search: search || undefined, pageToken }, options),
    getPace: ({ error, value }) =>
      getPace({
        error,
        errors: getErrors(value),
        runs: value?.items.map(({ overview }) => overview.lastRun),
        isWaiting: value?.items.some(
          ({ overview }) =>
            !overview.lastRun && overview.experiments.length > 0,
        ),
      }),
  });
  return { ...resource, errors: getErrors(resource.value), paging };
}
