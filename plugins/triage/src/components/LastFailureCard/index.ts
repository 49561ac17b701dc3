// SPDX-License-Identifier: Apache-2.0
export { LastFailureCard } from './LastFailureCard';
