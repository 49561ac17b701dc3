// SPDX-License-Identifier: Apache-2.0
export { LogLinksProvider, useIncidentKind } from './LogLinks';
export { Report } from './Report';
export { useSourceWords } from './useSourceWords';
