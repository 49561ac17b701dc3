// SPDX-License-Identifier: Apache-2.0
export { formatEntityName } from './entities';
export { formatMoney, formatNumber, formatPercent } from './numbers';
export { formatMeasure } from './formatMeasure';
export { readAlertSource } from './readAlertSource';
