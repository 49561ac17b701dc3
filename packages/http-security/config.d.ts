// SPDX-License-Identifier: Apache-2.0
export interface Config {
  backend?: {
    /**
     * Host names under which this backend answers, beside those of
     * `backend.baseUrl`, `app.baseUrl` and this machine's own `localhost`: what
     * a proxy or a service calls it. `portal.internal` stands for any port,
     * `portal.internal:7007` for one, `.example.com` for a domain that is yours
     * and every name below it. A request to another host is answered 421.
     * @visibility backend
     */
    allowedHosts?: string[];
    /**
     * Bytes that the body of one request may have. Default: 10485760 (10 MiB);
     * a plugin may take less. A larger one is answered 413.
     * @visibility backend
     */
    maxBodyBytes?: number;
  };
}
