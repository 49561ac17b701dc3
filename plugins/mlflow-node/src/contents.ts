// SPDX-License-Identifier: Apache-2.0
import type { MlflowHttp } from './MlflowHttp';
import { ifSupported } from './requests';
import { responses } from './schemas';
import type { MlflowCallOptions, MlflowCount, MlflowPage } from './types';

// The most that a search of LoggedModels answers.
const MAX_COUNT = 50;

function toCount(
  page: MlflowPage<unknown> | undefined,
): MlflowCount | undefined {
  return (
    page && {
      count: page.items.length,
      isMore: page.nextPageToken !== undefined,
    }
  );
}

/** @internal */
export async function countTraces(
  http: MlflowHttp,
  experimentId: string,
  options?: MlflowCallOptions,
): Promise<MlflowCount | undefined> {
  const location = {
    type: 'MLFLOW_EXPERIMENT',
    mlflow_experiment: { experiment_id: experimentId },
  };
  const body = { locations: [location], max_results: MAX_COUNT };
  const page = await ifSupported(
    http.send(
      { method: 'POST', path: 'traces/search', api: '3.0', kind: 'read', body },
      responses.traces,
      options,
    ),
  );
  if (page) {
    return toCount(page);
  }
  // MLflow 2.14 and later.
  const query = { experiment_ids: [experimentId], max_results: MAX_COUNT };
  return toCount(
    await ifSupported(http.get('traces', query, responses.traces, options)),
  );
}

/** @internal */
export async function countLoggedModels(
  http: MlflowHttp,
  experimentId: string,
  options?: MlflowCallOptions,
): Promise<MlflowCount | undefined> {
  const body = { experiment_ids: [experimentId], max_results: MAX_COUNT };
  return toCount(
    await ifSupported(
      http.post('logged-models/search', body, responses.loggedModels, options),
    ),
  );
}
