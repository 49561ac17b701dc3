// SPDX-License-Identifier: Apache-2.0
export { SetupProgress } from './SetupProgress';
