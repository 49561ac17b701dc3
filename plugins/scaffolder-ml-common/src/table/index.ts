// SPDX-License-Identifier: Apache-2.0
export * from './checkTarget';
export * from './dataSchema';
export type { ForeignFormat } from './sniffFormat';
export type { TableEncoding } from './TableDecoder';
export * from './tableMessages';
export type { TableProblem, TargetProblem } from './tableProblems';
export { READ_ANSWERS, readTable, type ReadAnswer } from './readTable';
export * from './tableProfile';
export { TableProfiler } from './TableProfiler';
export type { TableSample } from './TableSample';
