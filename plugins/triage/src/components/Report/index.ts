// SPDX-License-Identifier: Apache-2.0
export { LogLinksProvider } from './LogLinks';
export { Report } from './Report';
