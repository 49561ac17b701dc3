import type { LineKind } from './LineClassifier';

export interface Weights {
  kind: Record<LineKind, number>;
  stale: number;
  staleAnchor: number;
  novelContext: number;
  context: number;
  lone: number;
  outside: number;
  gap: number;
  before: number;
  beforeDecay: number;
  afterDecay: number;
  tail: number;
  tailDecay: number;
  depth: number;
  testDepth: number;
  repeat: number;
  rarity: number;
  first: number;
  last: number;
  later: number;
  price: number;
}

export const WEIGHTS: Weights = {
  kind: {
    test: 12,
    error: 8,
    end: 1.1,
    weak: 1.7,
    info: 0.2,
    warning: 1,
    frame: 1.1,
    blank: 0.3,
    plain: 3.5,
    script: 0.2,
    cleanup: 0.02,
  },
  stale: 0.03,
  staleAnchor: 0.03,
  novelContext: 6,
  context: 2.5,
  lone: 0.024,
  outside: 0.1,
  gap: 8,
  before: 7,
  beforeDecay: 0.79,
  afterDecay: 0.93,
  tail: 0.2,
  tailDecay: 0.95,
  depth: 300,
  testDepth: 420,
  repeat: 0.5,
  rarity: 0.5,
  first: 7,
  last: 1.5,
  later: 0.85,
  price: 1.25,
};
