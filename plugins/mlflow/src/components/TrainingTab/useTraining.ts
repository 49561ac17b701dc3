// SPDX-License-Identifier: Apache-2.0
import { useApi } from '@backstage/frontend-plugin-api';
import { getPace, mlflowApiRef } from '../../api';
import { usePaging } from '../../hooks/usePaging';
import { usePolledResource } from '../../hooks/usePolledResource';
import { useRunsQuery } from '../../hooks/useRunsQuery';
import { getUnsaid } from '../References';
import { useRuns } from './useRuns';

/** What the Training tab shows of an entity, and what failed. */
export function useTraining(entityRef: string, hasExperiment: boolean) {
  const api = useApi(mlflowApiRef);
  const query = useRunsQuery();
  const versionsPaging = usePaging(entityRef);
  const { pageToken } = versionsPaging;
  const runs = useRuns(entityRef, query, hasExperiment);
  const versions = usePolledResource({
    key: pageToken ?? '',
    load: options => api.listModelVersions(entityRef, { pageToken }, options),
    getPace: ({ error, value }) =>
      getPace({
        error,
        errors: value?.errors,
        runs: runs.answer?.items,
        versions: value?.items,
        isWaiting: hasExperiment && value?.items.length === 0,
      }),
  });

  const responses = [runs.answer, versions.value].filter(
    response => response !== undefined,
  );
  const all = responses.flatMap(({ errors }) => errors);
  const staleTimes = responses.flatMap(({ staleSince }) => staleSince ?? []);

  return {
    query,
    runs,
    versions,
    versionsPaging,
    errors: [
      ...getUnsaid(runs.errors, runs.answer?.experiments ?? []),
      ...getUnsaid(
        versions.value?.errors ?? [],
        versions.value?.registeredModels ?? [],
      ),
    ],
    failure: runs.failure ?? versions.error,
    isNotConfigured:
      all.length > 0 &&
      responses.every(({ items }) => items.length === 0) &&
      all.every(({ code }) => code === 'INSTANCE_NOT_CONFIGURED'),
    staleSince: staleTimes.length > 0 ? Math.min(...staleTimes) : undefined,
    isRetrying: runs.isPending || versions.isPending,
    retry: () => {
      runs.retry();
      versions.retry();
    },
  };
}
