// SPDX-License-Identifier: Apache-2.0
export { ModelsWidget } from './ModelsWidget';
