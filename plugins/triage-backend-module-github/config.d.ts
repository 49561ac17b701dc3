// SPDX-License-Identifier: Apache-2.0
export interface Config {
  triage?: {
    github?: {
      /**
       * Labels and people of issues by type of failure. Each rule that fits adds
       * to the issue; labels of the report are always there.
       */
      issues?: Array<{
        /**
         * Types of failure; all unless told.
         * @visibility backend
         */
        types?: string[];
        /** @visibility backend */
        labels?: string[];
        /**
         * Logins.
         * @visibility backend
         */
        assignees?: string[];
        /**
         * `org/team`, mentioned in the issue: GitHub assigns no teams.
         * @visibility backend
         */
        team?: string;
      }>;
    };
  };
}
