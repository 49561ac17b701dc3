// SPDX-License-Identifier: Apache-2.0
import type { Server } from 'node:http';
import { AllowedHosts, guardServer } from '@greenroom/http-security';
import type { ForgeContext } from '../types';
import { maxBodyBytes } from './bodyLimits';

const ADVICE = 'forge answers to localhost only.';

/**
 * Pages are shown to whoever sits at this machine without signing in, and a token in a page's hands is as good as in
 * a program's: so neither a foreign name that leads to 127.0.0.1 (DNS rebinding) nor a foreign page gets an answer.
 */
export function guardForge(server: Server, logger: ForgeContext['logger']) {
  return guardServer(server, {
    policy: {
      hosts: AllowedHosts.create({}),
      advice: { host: ADVICE, origin: ADVICE },
    },
    maxBodyBytes: ({ url = '' }) => maxBodyBytes(url.split('?', 1)[0]),
    onRefused: ({ status, message }, { method }) =>
      logger.warn(`Refused with ${status}: ${method}. ${message}`),
  });
}
