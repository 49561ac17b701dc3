// SPDX-License-Identifier: Apache-2.0

/**
 * Messages of the KServe plugin, to translate or override.
 *
 * @packageDocumentation
 */
export { kserveTranslationRef } from './ref';
