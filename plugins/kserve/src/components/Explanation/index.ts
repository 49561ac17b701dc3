// SPDX-License-Identifier: Apache-2.0
export { Sentence } from './Sentence';
export { Why } from './Why';
