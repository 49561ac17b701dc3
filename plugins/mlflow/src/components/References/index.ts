// SPDX-License-Identifier: Apache-2.0
export { GenAiNotices, hasGenAi } from './GenAiNotices';
export { ReferenceNotices } from './ReferenceNotices';
export { getUnsaid, isAbsent } from './references';
