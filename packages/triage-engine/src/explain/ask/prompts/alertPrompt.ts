// SPDX-License-Identifier: Apache-2.0
import type { Prompt } from './types';

/** An alert of Prometheus on what serves a model. */
export const alertPrompt: Prompt = {
  id: 'alert',
  version: 1,
  types: [
    'latency',
    'errors',
    'crash-loop',
    'probe',
    'scheduling',
    'scaling',
    'rollout',
    'throttling',
    'network',
    'certificate',
    'disk-full',
    'hardware',
    'upstream',
    'model-loading',
    'model-input',
    'model-version',
    'drift',
    'false-alarm',
  ],
  task: `An alert fired on a service that serves a machine-learning model, on Kubernetes. The lines are of its containers' logs, of Kubernetes objects as they would be described, of metrics around the alert, and of the alert itself. Explain to the engineer on call the three most likely root causes, each with its proof and with one next step that ends it:
- the root cause is the most likely of the three, and the claims are the other two; say of each by what mechanism it leads to what the alert measures;
- take the earliest thing that explains the rest: a change of image, environment, probe, limit, model or traffic before the alert began comes before what follows from it;
- an exit code 137 is a lack of memory only where the object says OOMKilled or a line says who was killed for it;
- a restart, a latency or an error rate is what happened, not why;
- if what the alert measures has no effect that a metric or a line shows, say so;
- if several causes fit the lines equally well, or none is shown, the outcome is inconclusive.`,
};
