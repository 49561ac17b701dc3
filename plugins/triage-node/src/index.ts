/**
 * TODO
 *
 * @packageDocumentation
 */
export {};
