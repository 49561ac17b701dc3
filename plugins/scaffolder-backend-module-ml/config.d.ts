// SPDX-License-Identifier: Apache-2.0
export interface Config {
  scaffolder?: {
    ml?: {
      /**
       * Names of parameters in the query of a table's address that the generated
       * repository may keep, beside those that are known to be harmless (`ref`,
       * `version`, `format` …). Values that look like a secret are never kept.
       */
      storedUrlParameters?: string[];
    };
  };
}
