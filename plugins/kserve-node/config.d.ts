// SPDX-License-Identifier: Apache-2.0
export interface Config {
  kserve?: {
    /**
     * Prometheus servers that are asked how models keep their objectives, and what was
     * measured around an alert. Where this is absent, `triage.alerts.prometheus` is read.
     */
    prometheus?: Array<{
      /** @visibility backend */
      name: string;
      /**
       * As the portal reaches it, with its path where it has one.
       * @visibility backend
       */
      url: string;
      /**
       * Of `kubernetes:`, and of the alerts' label `cluster`. Without it: of all clusters
       * that have none of their own.
       * @visibility backend
       */
      cluster?: string;
      /**
       * Bearer token.
       * @visibility secret
       */
      token?: string;
    }>;
  };
}
