/**
 * Messages of the home page's layout, to translate or override.
 *
 * @packageDocumentation
 */
export { homeLayoutTranslationRef } from './ref';
