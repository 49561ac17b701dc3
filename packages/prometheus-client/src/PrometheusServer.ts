// SPDX-License-Identifier: Apache-2.0

/**
 * A Prometheus to be asked.
 *
 * @public
 */
export interface PrometheusServer {
  name: string;
  /** As it is reached, with its path where it has one. */
  url: string;
  /** The cluster whose series and alerts it has; absent means: of all that have none of their own. */
  cluster?: string;
  /** Bearer token. */
  token?: string;
}
