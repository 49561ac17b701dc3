// SPDX-License-Identifier: Apache-2.0
import type { HumanDuration } from '@backstage/types';

export interface Config {
  triage?: {
    /**
     * Gemini explains the reports of triage. Without `apiKey` and without
     * `vertex`, reports are made by rules only.
     */
    gemini?: {
      /**
       * Key of the Gemini API. Not together with `vertex`.
       * @visibility secret
       */
      apiKey?: string;
      /**
       * Gemini on Vertex AI, with Application Default Credentials. Not together
       * with `apiKey`.
       */
      vertex?: {
        /**
         * Id of the Google Cloud project.
         * @visibility backend
         */
        project: string;
        /**
         * Region, or `global`. Default: `global`.
         * @visibility backend
         */
        location?: string;
      };
      /**
       * Address to use in place of Google's, e.g. of a proxy.
       * @visibility backend
       */
      baseUrl?: string;
      /** Ids of models. */
      models?: {
        /**
         * For lint and unit tests. Default: gemini-3.5-flash-lite.
         * @visibility backend
         */
        light?: string;
        /**
         * For everything else. Default: gemini-3.8-flash.
         * @visibility backend
         */
        heavy?: string;
      };
      /**
       * Time limit of one question, with all attempts and waits: milliseconds,
       * or a duration such as `{ seconds: 90 }` or `90s`. Default: 90 seconds.
       * @visibility backend
       */
      timeout?: number | string | HumanDuration;
      /**
       * Time limit of one attempt. Default: 60 seconds.
       * @visibility backend
       */
      attemptTimeout?: number | string | HumanDuration;
      /**
       * How often one question is sent at most. Default: 4.
       * @visibility backend
       */
      maxAttempts?: number;
      /**
       * The largest answer that is read, in bytes. Default: 1048576 (1 MiB).
       * @visibility backend
       */
      maxResponseSize?: number;
      /** What may be used at most; nothing is sent beyond it. */
      budgets?: {
        perMinute?: {
          /**
           * Attempts. Default: 10.
           * @visibility backend
           */
          requests?: number;
          /** @visibility backend */
          tokens?: number;
          /**
           * In the currency of `prices`.
           * @visibility backend
           */
          cost?: number;
        };
        /** A day of UTC. */
        perDay?: {
          /**
           * Attempts. Default: 500.
           * @visibility backend
           */
          requests?: number;
          /**
           * Default: 5000000.
           * @visibility backend
           */
          tokens?: number;
          /**
           * In the currency of `prices`.
           * @visibility backend
           */
          cost?: number;
        };
      };
      /** Of a million tokens. Needed for budgets of `cost`, and for the cost of a report. */
      prices?: {
        /**
         * As in ISO 4217. Default: USD.
         * @visibility backend
         */
        currency?: string;
        light: {
          /** @visibility backend */
          input: number;
          /** @visibility backend */
          output: number;
        };
        heavy: {
          /** @visibility backend */
          input: number;
          /** @visibility backend */
          output: number;
        };
      };
    };
  };
}
