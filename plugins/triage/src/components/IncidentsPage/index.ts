// SPDX-License-Identifier: Apache-2.0
export { IncidentsPage } from './IncidentsPage';
