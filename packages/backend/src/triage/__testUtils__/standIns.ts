// SPDX-License-Identifier: Apache-2.0

/* eslint-disable @backstage/no-relative-monorepo-imports -- for tests only, and in no package that is published */
export {
  geminiAnswers,
  readGeminiRequest,
} from '../../../../../plugins/triage-backend-module-gemini/src/__testUtils__/geminiAnswers';
export {
  startFakeGemini,
  type FakeGemini,
  type GeminiHandler,
} from '../../../../../plugins/triage-backend-module-gemini/src/__testUtils__/startFakeGemini';
export {
  allNodes,
  createObeyingLlm,
  Draw,
  ENCODINGS,
  findLeak,
  injections,
  readMarkdown,
  SECRET_KINDS,
} from '../../../../triage-engine/src/testing';
