// SPDX-License-Identifier: Apache-2.0
export interface Config {
  grafana?: {
    /**
     * Address at which people reach Grafana, with its path where it has one; the key of
     * Backstage's Grafana plugin. With it pages and messages link to the dashboard of a
     * model.
     * @visibility frontend
     */
    domain?: string;
  };
}
