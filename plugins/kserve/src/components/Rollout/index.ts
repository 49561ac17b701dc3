// SPDX-License-Identifier: Apache-2.0
export { RolloutSteps } from './RolloutSteps';
