// SPDX-License-Identifier: Apache-2.0
import type { LineKind } from '../types';
import { ACCESS_KINDS } from './accessKinds';
import { DATA_KINDS } from './dataKinds';
import { GPU_KINDS } from './gpuKinds';
import { MODEL_INPUT_KINDS } from './modelInputKinds';
import { MODEL_LOADING_KINDS } from './modelLoadingKinds';
import { NETWORK_KINDS } from './networkKinds';
import { PLATFORM_KINDS } from './platformKinds';
import { RESOURCE_KINDS } from './resourceKinds';
import { WEB_SERVING_KINDS } from './webServingKinds';

/** What a line can tell; of those that match one line the first counts. */
export const ALL_KINDS: readonly LineKind[] = [
  ...WEB_SERVING_KINDS,
  ...RESOURCE_KINDS,
  ...GPU_KINDS,
  ...DATA_KINDS,
  ...PLATFORM_KINDS,
  ...MODEL_LOADING_KINDS,
  ...MODEL_INPUT_KINDS,
  ...ACCESS_KINDS,
  ...NETWORK_KINDS,
];
