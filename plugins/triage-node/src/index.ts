// SPDX-License-Identifier: Apache-2.0

/**
 * Where modules extend triage in a Backstage backend.
 *
 * @packageDocumentation
 */
export {
  triageLlmExtensionPoint,
  type TriageLlmExtensionPoint,
} from './extensions/triageLlmExtensionPoint';
