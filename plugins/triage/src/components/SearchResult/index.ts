// SPDX-License-Identifier: Apache-2.0
export { TriageSearchResult } from './TriageSearchResult';
