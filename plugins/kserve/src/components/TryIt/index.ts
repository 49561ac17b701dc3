// SPDX-License-Identifier: Apache-2.0
export { TryIt } from './TryIt';
