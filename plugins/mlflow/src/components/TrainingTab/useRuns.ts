// SPDX-License-Identifier: Apache-2.0
import { useApi } from '@backstage/frontend-plugin-api';
import type { MlflowRunsResponse } from '@greenroom/plugin-mlflow-common';
import { useRef } from 'react';
import { getPace, isUnknown, mlflowApiRef } from '../../api';
import { usePolledResource } from '../../hooks/usePolledResource';
import type { RunsQuery } from '../../hooks/useRunsQuery';

/** What the backend says about a query that it does not accept. */
function getRefusal(error: Error | undefined) {
  return error && 'statusCode' in error && error.statusCode === 400
    ? ((error.cause as Error | undefined)?.message ?? error.message)
    : undefined;
}

/**
 * An entity's runs. A query that fails or is refused does not take away those
 * that were read before.
 */
export function useRuns(
  entityRef: string,
  query: RunsQuery,
  hasExperiment: boolean,
) {
  const api = useApi(mlflowApiRef);
  const lastRead = useRef<MlflowRunsResponse>();
  const { error, isPending, retry, value } = usePolledResource({
    key: JSON.stringify(query.query),
    load: options => api.listRuns(entityRef, query.query, options),
    getPace: answer =>
      getPace({
        error: getRefusal(answer.error) ? undefined : answer.error,
        errors: answer.value?.errors,
        runs: answer.value?.items,
        isWaiting:
          hasExperiment && !query.filter && answer.value?.items.length === 0,
      }),
  });

  const refusal = query.filter ? getRefusal(error) : undefined;
  const refused = query.filter
    ? value?.errors.find(({ code }) => code === 'BAD_REQUEST')
    : undefined;
  const isUnread =
    refusal !== undefined ||
    refused !== undefined ||
    (value?.items.length === 0 && isUnknown(value.errors));
  if (!isUnread && value) {
    lastRead.current = value;
  }
  return {
    /** What is shown; the answer itself is `answer`. */
    value: (isUnread && lastRead.current) || value,
    answer: value,
    errors: value?.errors.filter(item => item !== refused) ?? [],
    isShownBefore: isUnread && lastRead.current !== undefined,
    isPending,
    retry,
    failure: refusal ? undefined : error,
    filterError: isPending ? undefined : (refusal ?? refused?.message),
  };
}
