// SPDX-License-Identifier: Apache-2.0
export interface Config {
  home?: {
    /**
     * What an installation still sets up, shown above the sections of the home
     * page while it goes on.
     */
    setup?: {
      /**
       * Path of the proxy's endpoint that answers with `{ items }`, for example
       * `/setup`.
       * @visibility frontend
       */
      proxyPath: string;
    };
  };
}
