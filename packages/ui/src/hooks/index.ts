// SPDX-License-Identifier: Apache-2.0
export { useLocale } from './useLocale';
export { useNow } from './useNow';
export {
  useSignalledResource,
  type SignalledResource,
} from './useSignalledResource';
