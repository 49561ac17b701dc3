// SPDX-License-Identifier: Apache-2.0
export { StatisticsPage } from './StatisticsPage';
