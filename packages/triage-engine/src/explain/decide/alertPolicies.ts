// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import type { Level, Policy } from './policy';

const FLOOR: Level = ['low', 'P3'];

/** Of what serves: P0 where a model in production does not answer at all. */
export const ALERT_POLICIES = {
  latency: {
    label: 'infrastructure',
    levels: {
      prod: ['high', 'P1'],
      protected: ['high', 'P2'],
      other: ['medium', 'P3'],
    },
    reason: 'answers are slow',
  },
  errors: {
    label: 'deployment',
    levels: {
      prod: ['critical', 'P0'],
      protected: ['high', 'P1'],
      other: ['medium', 'P2'],
    },
    reason: 'requests fail',
  },
  'crash-loop': {
    label: 'deployment',
    levels: {
      prod: ['critical', 'P0'],
      protected: ['high', 'P1'],
      other: ['medium', 'P2'],
    },
    reason: 'the container does not stay up',
  },
  probe: {
    label: 'deployment',
    levels: {
      prod: ['critical', 'P0'],
      protected: ['high', 'P1'],
      other: ['medium', 'P2'],
    },
    reason: 'the container is taken out of service',
  },
  scheduling: {
    label: 'infrastructure',
    levels: {
      prod: ['critical', 'P0'],
      protected: ['high', 'P1'],
      other: ['medium', 'P2'],
    },
    reason: 'the pod does not run',
  },
  scaling: {
    label: 'infrastructure',
    levels: {
      prod: ['high', 'P1'],
      protected: ['high', 'P2'],
      other: ['medium', 'P3'],
    },
    reason: 'there are too few replicas',
  },
  rollout: {
    label: 'deployment',
    levels: {
      prod: ['high', 'P1'],
      protected: ['high', 'P2'],
      other: ['medium', 'P3'],
    },
    reason: 'requests fail while the pods change',
  },
  throttling: {
    label: 'infrastructure',
    levels: {
      prod: ['high', 'P1'],
      protected: ['high', 'P2'],
      other: ['medium', 'P3'],
    },
    reason: 'the container gets too little CPU',
  },
  network: {
    label: 'infrastructure',
    levels: {
      prod: ['high', 'P1'],
      protected: ['high', 'P2'],
      other: ['medium', 'P3'],
    },
    reason: 'a connection fails',
  },
  certificate: {
    label: 'infrastructure',
    levels: {
      prod: ['critical', 'P0'],
      protected: ['high', 'P1'],
      other: ['medium', 'P2'],
    },
    reason: 'nothing that needs the certificate works',
  },
  'disk-full': {
    label: 'infrastructure',
    levels: {
      prod: ['critical', 'P0'],
      protected: ['high', 'P1'],
      other: ['medium', 'P2'],
    },
    reason: 'nothing can be written',
  },
  hardware: {
    label: 'infrastructure',
    levels: {
      prod: ['critical', 'P0'],
      protected: ['high', 'P1'],
      other: ['medium', 'P2'],
    },
    reason: 'a device is broken',
  },
  upstream: {
    label: 'infrastructure',
    levels: {
      prod: ['high', 'P1'],
      protected: ['high', 'P2'],
      other: ['medium', 'P3'],
    },
    reason: 'another service fails',
  },
  'model-loading': {
    label: 'deployment',
    levels: {
      prod: ['critical', 'P0'],
      protected: ['high', 'P1'],
      other: ['medium', 'P2'],
    },
    reason: 'the model cannot start',
  },
  'model-input': {
    label: 'model-validation',
    levels: {
      prod: ['high', 'P1'],
      protected: ['high', 'P2'],
      other: ['medium', 'P3'],
    },
    reason: 'the model refuses what it is asked',
  },
  'model-version': {
    label: 'model-validation',
    levels: {
      prod: ['high', 'P1'],
      protected: ['high', 'P2'],
      other: ['medium', 'P3'],
    },
    reason: 'the wrong model answers',
  },
  drift: {
    label: 'model-validation',
    levels: { protected: ['medium', 'P2'], other: ['medium', 'P3'] },
    reason: 'the model may answer worse',
  },
  'false-alarm': {
    levels: { protected: FLOOR, other: FLOOR },
    reason: 'nothing is affected',
  },
} as const satisfies Partial<Record<FailureType, Policy>>;
