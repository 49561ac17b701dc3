// SPDX-License-Identifier: Apache-2.0
export {
  checkFloor,
  getConstantAnswer,
  suggestMetric,
  type ConstantAnswer,
} from './constantAnswer';
export {
  describeFinding,
  FINDING_MESSAGES,
  formatPercent,
  type FindingParameters,
} from './findingMessages';
export {
  FINDING_CODES,
  type DataSplit,
  type Finding,
  type FindingAnswer,
  type FindingCode,
} from './findings';
export { inspectTable } from './inspectTable';
export {
  describeOpenFinding,
  describeReason,
  getAnswer,
  resolveTableChoices,
  type ResolvedTableChoices,
  type TableChoiceProblem,
  type TableChoices,
} from './tableChoices';
