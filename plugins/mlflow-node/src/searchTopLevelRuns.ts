// SPDX-License-Identifier: Apache-2.0
import { collectPage } from './collectPage';
import { MlflowClientError } from './MlflowClientError';
import type {
  MlflowPage,
  MlflowRunInfo,
  MlflowRunSearchRequest,
} from './types';

const PARENT = 'mlflow.parentRunId';
// MLflow's grammar has no OR, so that this can be added to any filter.
const HAS_NO_PARENT = `tags.\`${PARENT}\` IS NULL`;

/**
 * Searches for runs without a parent. Servers before the filter `IS NULL` refuse
 * it: there the children are taken out of up to ten pages of all runs. A filter
 * that is bad by itself is refused then with MLflow's words on it alone.
 *
 * @internal
 */
export async function searchTopLevelRuns(
  search: (
    request: MlflowRunSearchRequest,
  ) => Promise<MlflowPage<MlflowRunInfo>>,
  request: MlflowRunSearchRequest,
): Promise<MlflowPage<MlflowRunInfo>> {
  const { filter, maxResults = 100, pageToken } = request;
  try {
    return await search({
      ...request,
      filter: filter ? `${filter} AND ${HAS_NO_PARENT}` : HAS_NO_PARENT,
    });
  } catch (error) {
    if (!(error instanceof MlflowClientError) || error.code !== 'BAD_REQUEST') {
      throw error;
    }
  }
  return collectPage(token => search({ ...request, pageToken: token }), {
    pageToken,
    atLeast: maxResults,
    isWanted: ({ tags }) => !tags[PARENT],
  });
}
