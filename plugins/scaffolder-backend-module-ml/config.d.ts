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

      /** Where generated model repositories get the platform's package greenroom-ml from. */
      package?: {
        /**
         * `vendored`, the default: its wheel is in the repository's `vendor/`. `index`: an index of packages
         * has the same wheel, with the digest that the lock files hold.
         */
        source?: 'vendored' | 'index';
        /**
         * Address of the index (PEP 503), without credentials, if it is not one that pip and uv are set to.
         * Repositories hold it.
         */
        indexUrl?: string;
      };
    };
  };
}
