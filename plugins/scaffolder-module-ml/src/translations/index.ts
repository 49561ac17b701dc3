// SPDX-License-Identifier: Apache-2.0

/**
 * The words of the form fields, for translating them.
 *
 * @packageDocumentation
 */
export { scaffolderModuleMlTranslationRef } from './ref';
