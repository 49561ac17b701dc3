// SPDX-License-Identifier: Apache-2.0
export { uiTranslationRef } from './ref';
