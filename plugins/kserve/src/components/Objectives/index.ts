// SPDX-License-Identifier: Apache-2.0
export { Objectives } from './Objectives';
export { listFiring, useObjectives } from './useObjectives';
