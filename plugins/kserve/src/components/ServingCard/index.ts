// SPDX-License-Identifier: Apache-2.0
export { ServingCard } from './ServingCard';
