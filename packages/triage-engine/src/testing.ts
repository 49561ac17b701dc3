// SPDX-License-Identifier: Apache-2.0

/**
 * What `eval/` measures the engine with beside its public API: the stages that have
 * a figure of their own, and the secrets and injections that the tests try too. No
 * part of the published package, and no promise.
 */
export { Consoles } from './evidence/parse/Consoles';
export { parseReport } from './evidence/parse/parseReport';
export {
  chooseLines,
  scanLines,
  type ScannedLog,
} from './evidence/reduce/scanLines';
export { WEIGHTS, type Weights } from './evidence/reduce/weights';
export { explain } from './explain/explain';
export { createObeyingLlm } from './explain/verify/__fixtures__/createObeyingLlm';
export {
  injections,
  type Injection,
} from './explain/verify/__fixtures__/injections';
export {
  cleanDraft,
  plantInjection,
} from './explain/verify/__fixtures__/plantInjection';
export { fileInput } from './logs/input/fileInput';
export { readLines } from './logs/lines/readLines';
export { Draw } from './redact/__fixtures__/Draw';
export { ENCODINGS } from './redact/__fixtures__/encodings';
export { findLeak } from './redact/__fixtures__/leaks';
export { SECRET_KINDS } from './redact/__fixtures__/secretKinds';
// eslint-disable-next-line no-restricted-imports -- no part of the package
export { allNodes, readMarkdown } from './render/__testUtils__/readMarkdown';
