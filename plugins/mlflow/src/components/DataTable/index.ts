// SPDX-License-Identifier: Apache-2.0
export { DataTable } from './DataTable';
export type { DataTableColumn } from './DataTable';
