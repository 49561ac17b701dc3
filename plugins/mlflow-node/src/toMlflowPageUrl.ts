// SPDX-License-Identifier: Apache-2.0
import type { MlflowInstance } from './readMlflowInstances';

/**
 * A page of MLflow's own UI, in the instance's workspace.
 *
 * @param instance - as of a client
 * @param segments - of the page's path, for example `experiments`, `1`
 * @public
 */
export function toMlflowPageUrl(
  { webUrl, workspace }: MlflowInstance,
  ...segments: string[]
): string {
  const page = segments.map(encodeURIComponent).join('/');
  const query = workspace ? `?workspace=${encodeURIComponent(workspace)}` : '';
  return `${webUrl}/#/${page}${query}`;
}
