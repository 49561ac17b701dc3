// SPDX-License-Identifier: Apache-2.0

/**
 * Messages of the home page's layout, to translate or override.
 *
 * @packageDocumentation
 */
export { homeLayoutTranslationRef } from './ref';
