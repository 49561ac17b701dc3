// SPDX-License-Identifier: Apache-2.0
export { TriageTab } from './TriageTab';
