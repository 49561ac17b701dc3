// SPDX-License-Identifier: Apache-2.0
export { Details } from './Details';
