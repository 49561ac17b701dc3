// SPDX-License-Identifier: Apache-2.0
export { isLastKnown } from './isLastKnown';
export { Sentence } from './Sentence';
export { Why } from './Why';
