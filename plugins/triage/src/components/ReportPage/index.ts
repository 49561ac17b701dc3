// SPDX-License-Identifier: Apache-2.0
export { ReportPage } from './ReportPage';
