// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import { DEGRADED, HARMLESS, OUTAGE, TO_LOOK_AT } from './levels';
import type { Policy } from './policy';

/** Of what serves: P0 where a model in production does not answer at all. */
export const ALERT_POLICIES = {
  latency: {
    label: 'infrastructure',
    levels: DEGRADED,
    reason: 'answers are slow',
  },
  errors: {
    label: 'deployment',
    levels: OUTAGE,
    reason: 'requests fail',
  },
  'crash-loop': {
    label: 'deployment',
    levels: OUTAGE,
    reason: 'the container does not stay up',
  },
  probe: {
    label: 'deployment',
    levels: OUTAGE,
    reason: 'the container is taken out of service',
  },
  scheduling: {
    label: 'infrastructure',
    levels: OUTAGE,
    reason: 'the pod does not run',
  },
  scaling: {
    label: 'infrastructure',
    levels: DEGRADED,
    reason: 'there are too few replicas',
  },
  rollout: {
    label: 'deployment',
    levels: DEGRADED,
    reason: 'requests fail while the pods change',
  },
  throttling: {
    label: 'infrastructure',
    levels: DEGRADED,
    reason: 'the container gets too little CPU',
  },
  network: {
    label: 'infrastructure',
    levels: DEGRADED,
    reason: 'a connection fails',
  },
  certificate: {
    label: 'infrastructure',
    levels: OUTAGE,
    reason: 'nothing that needs the certificate works',
  },
  'disk-full': {
    label: 'infrastructure',
    levels: OUTAGE,
    reason: 'nothing can be written',
  },
  hardware: {
    label: 'infrastructure',
    levels: OUTAGE,
    reason: 'a device is broken',
  },
  upstream: {
    label: 'infrastructure',
    levels: DEGRADED,
    reason: 'another service fails',
  },
  'model-loading': {
    label: 'deployment',
    levels: OUTAGE,
    reason: 'the model cannot start',
  },
  'model-input': {
    label: 'model-validation',
    levels: DEGRADED,
    reason: 'the model refuses what it is asked',
  },
  'model-version': {
    label: 'model-validation',
    levels: DEGRADED,
    reason: 'the wrong model answers',
  },
  drift: {
    label: 'model-validation',
    levels: TO_LOOK_AT,
    reason: 'the model may answer worse',
  },
  'false-alarm': {
    levels: HARMLESS,
    reason: 'nothing is affected',
  },
} as const satisfies Partial<Record<FailureType, Policy>>;
