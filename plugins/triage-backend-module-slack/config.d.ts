// SPDX-License-Identifier: Apache-2.0
export interface Config {
  triage?: {
    /** Without it nothing is sent to Slack. */
    slack?: {
      /**
       * Of a bot with `chat:write`, and `channels:history` to find after a crash
       * what it has sent.
       * @visibility secret
       */
      token: string;
      /**
       * Address to use in place of Slack's.
       * @visibility backend
       */
      baseUrl?: string;
      /**
       * Id of the channel for what no rule sends elsewhere.
       * @visibility backend
       */
      channel: string;
      /** The first that fits. */
      channels?: Array<{
        /** @visibility backend */
        repositories?: string[];
        /** @visibility backend */
        types?: string[];
        /** @visibility backend */
        channel: string;
      }>;
    };
  };
}
