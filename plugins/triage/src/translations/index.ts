// SPDX-License-Identifier: Apache-2.0

/**
 * Messages of the Triage plugin, to translate or override.
 *
 * @packageDocumentation
 */
export { triageTranslationRef } from './ref';
