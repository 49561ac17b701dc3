// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { MlflowHttp } from './MlflowHttp';
import { ifExists } from './requests';
import type { MlflowCallOptions } from './types';

/** @internal */
export async function getRunJson(
  http: MlflowHttp,
  artifact: { runId: string; path: string },
  options?: MlflowCallOptions,
): Promise<unknown> {
  const query = { run_uuid: artifact.runId, path: artifact.path };
  return ifExists(
    http.send(
      { method: 'GET', path: 'get-artifact', api: 'none', kind: 'read', query },
      z.unknown(),
      options,
    ),
  );
}
