// SPDX-License-Identifier: Apache-2.0
export { LogPane } from './LogPane';
