// SPDX-License-Identifier: Apache-2.0
export { AllowedHosts } from './AllowedHosts';
export type { Authority } from './authority';
export { checkRequest, type Refusal, type RequestPolicy } from './checkRequest';
export {
  guardServer,
  type GuardOptions,
  type GuardRefusal,
} from './guardServer';
export { limitJsonDepth } from './limitJsonDepth';
export { loopbackHosts } from './loopback';
