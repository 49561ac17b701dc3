// SPDX-License-Identifier: Apache-2.0
import type { HumanDuration } from '@backstage/types';

export interface Config {
  /**
   * MLflow tracking servers that the portal reads. Without an instance the
   * MLflow pages say that MLflow is not configured.
   */
  mlflow?: {
    /**
     * Name of the instance that annotations without an `instance:` prefix mean.
     * Default: the first of `instances`.
     * @visibility backend
     */
    defaultInstance?: string;
    /**
     * @visibility backend
     */
    instances?: Array<{
      /**
       * Name of the instance, as annotations write it (`eu:churn`): letters,
       * digits, `.`, `_` and `-`. Must be unique.
       * @visibility backend
       */
      name: string;
      /**
       * Address at which the backend reaches MLflow's REST API, with the static
       * prefix if there is one, without `/api/2.0`.
       * @visibility backend
       */
      baseUrl: string;
      /**
       * Address of MLflow's user interface for links in the browser. Default:
       * `baseUrl`.
       * @visibility backend
       */
      webUrl?: string;
      /**
       * `MLFLOW_TRACKING_URI` for pipelines. Default: `baseUrl`.
       * @visibility backend
       */
      trackingUri?: string;
      /** How the backend signs in to MLflow. Default: not at all. */
      auth?:
        | {
            /** @visibility backend */
            type: 'basic';
            /** @visibility backend */
            username: string;
            /** @visibility secret */
            password: string;
          }
        | {
            /** @visibility backend */
            type: 'bearer';
            /** @visibility secret */
            token: string;
          };
      /**
       * Further request headers, e.g. those of an authenticating proxy.
       * @deepVisibility secret
       */
      headers?: { [name: string]: string };
      /**
       * MLflow workspace (MLflow 3.10 and later, `--enable-workspaces`): sent
       * as `X-MLFLOW-WORKSPACE`.
       * @visibility backend
       */
      workspace?: string;
      /**
       * Time limit of one call, retries included: milliseconds, or a duration
       * such as `{ seconds: 10 }` or `10s`. Default: 10 seconds.
       * @visibility backend
       */
      timeout?: number | string | HumanDuration;
      /**
       * The largest answer that is read, in bytes. Default: 10485760 (10 MiB).
       * @visibility backend
       */
      maxResponseSize?: number;
      /**
       * How many calls to this instance run at the same time; further ones
       * wait. Default: 8.
       * @visibility backend
       */
      maxConcurrent?: number;
    }>;
  };
}
