// SPDX-License-Identifier: Apache-2.0
export { TrafficBars } from './TrafficBars';
