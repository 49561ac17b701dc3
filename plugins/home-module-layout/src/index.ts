// SPDX-License-Identifier: Apache-2.0

/**
 * Lays out Backstage's home page as the sections that plugins contribute.
 *
 * @packageDocumentation
 */
export { default } from './module';
