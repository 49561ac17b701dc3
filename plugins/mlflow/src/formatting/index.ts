// SPDX-License-Identifier: Apache-2.0
export { getRunName } from './names';
export { formatGate, formatMetric } from './numbers';
