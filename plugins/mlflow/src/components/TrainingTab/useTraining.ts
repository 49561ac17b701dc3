import { useApi } from '@backstage/frontend-plugin-api';
import type {
  MlflowListResponse,
  MlflowRun,
} from '@greenroom/plugin-mlflow-common';
import { isUnknown, mlflowApiRef } from '../../api';
import { usePaging } from '../../hooks/usePaging';
import { usePolledResource } from '../../hooks/usePolledResource';
import { useRunsQuery } from '../../hooks/useRunsQuery';

function isUnfinished({ items, errors }: MlflowListResponse<MlflowRun>) {
  return (
    items.some(
      ({ status }) => status === 'RUNNING' || status === 'SCHEDULED',
    ) ||
    (items.length === 0 && !isUnknown(errors))
  );
}

/** What the backend says about a query that it does not accept. */
function getRefusal(error: Error | undefined) {
  return error && 'statusCode' in error && error.statusCode === 400
    ? ((error.cause as Error | undefined)?.message ?? error.message)
    : undefined;
}

/** What the Training tab shows of an entity, and what failed. */
export function useTraining(entityRef: string, hasExperiment: boolean) {
  const api = useApi(mlflowApiRef);
  const query = useRunsQuery();
  const versionsPaging = usePaging(entityRef);
  const { pageToken } = versionsPaging;

  const runs = usePolledResource({
    key: JSON.stringify(query.query),
    load: signal => api.listRuns(entityRef, query.query, { signal }),
    isChanging: value => hasExperiment && !query.filter && isUnfinished(value),
  });
  const versions = usePolledResource({
    key: pageToken ?? '',
    load: signal => api.listModelVersions(entityRef, { pageToken }, { signal }),
    isChanging: ({ items }) =>
      items.some(({ status }) => status === 'PENDING_REGISTRATION'),
  });

  const responses = [runs.value, versions.value].filter(
    response => response !== undefined,
  );
  const all = responses.flatMap(({ errors }) => errors);
  const refusedFilter = query.filter
    ? runs.value?.errors.find(({ code }) => code === 'BAD_REQUEST')
    : undefined;
  const refusal = query.filter ? getRefusal(runs.error) : undefined;
  const staleTimes = responses.flatMap(({ staleSince }) => staleSince ?? []);

  return {
    query,
    runs,
    versions,
    versionsPaging,
    errors: all.filter(error => error !== refusedFilter),
    filterError: runs.isPending
      ? undefined
      : (refusal ?? refusedFilter?.message),
    failure: (refusal ? undefined : runs.error) ?? versions.error,
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
