// SPDX-License-Identifier: Apache-2.0
export { ProductionWidget } from './ProductionWidget';
