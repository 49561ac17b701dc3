// SPDX-License-Identifier: Apache-2.0
export { Section } from './Section';
