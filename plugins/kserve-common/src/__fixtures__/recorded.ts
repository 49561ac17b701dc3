// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Situation } from './build';

/**
 * What the real control plane (Kubernetes 1.34, KServe 0.20, Standard mode, pods by the process kubelet)
 * said of services that were driven into each state; labelled before the function saw them. Namespace
 * `team-a`, the service is `churn-` and the name. All was recorded within 40 s of `RECORDED_AT`.
 */
export const recorded = readFileSync(
  path.join(__dirname, 'recorded.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line): Situation => JSON.parse(line));

export const RECORDED_AT = Date.parse('2026-11-29T02:50:50Z');
