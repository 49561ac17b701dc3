// SPDX-License-Identifier: Apache-2.0

/**
 * What the pages of Greenroom's plugins share: elements on Backstage UI, hooks and
 * formats.
 *
 * @packageDocumentation
 */
export * from './elements';
export * from './formatting';
export * from './hooks';
export { uiTranslationRef } from './translations';
