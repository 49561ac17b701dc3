// SPDX-License-Identifier: Apache-2.0
export { Code } from './Code';
export { Prose } from './Prose';
export { StateLabel } from './StateLabel';
export { Table } from './Table';
