// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';

/** What is said of a type of failure without a model. */
export interface FailureGuide {
  /** Ends the sentence "The pipeline failed: …". */
  what: string;
  /** What a person may do next, the likeliest first. */
  nextSteps: string[];
}

/** Said of what may pass the next time, and of nothing else. */
export const RUN_AGAIN =
  'Run the failed jobs again once; if it fails in the same way, it is not by chance.';

/** Sentences by type; nothing of a log goes into them. */
export const FAILURE_GUIDES: Record<FailureType, FailureGuide> = {
  lint: {
    what: 'the linter found something',
    nextSteps: [
      'Mend what the linter names; run the same linter on your machine before the next push.',
    ],
  },
  build: {
    what: 'the code does not build',
    nextSteps: [
      'Mend the first error: those after it often follow from it.',
      'If the code did not change, compare the versions of the dependencies with the last green run.',
    ],
  },
  'unit-test': {
    what: 'a test failed',
    nextSteps: [
      'Run the first failing test alone on your machine.',
      'If it passes there, look for what differs: versions, time zone, order of the tests, data.',
    ],
  },
  sast: {
    what: 'static analysis found a weakness in the code',
    nextSteps: [
      'Mend the finding of the highest severity first.',
      'If it is none, suppress that one line with its rule and the reason, and let the owner review it.',
    ],
  },
  sca: {
    what: 'a dependency has a known vulnerability',
    nextSteps: [
      'Raise the package to its fixed version and lock again.',
      'If there is no fixed version, ask whether the vulnerable part is used, and record the exception with an end date.',
    ],
  },
  secret: {
    what: 'a secret stands in the repository',
    nextSteps: [
      'Revoke the secret at its issuer now: removing the line does not take it out of the history.',
      'Then put the new one into the secret store, and remove the old one from the history if the repository was public.',
    ],
  },
  'container-cve': {
    what: 'the image has a known vulnerability',
    nextSteps: [
      'Build on a newer base image: most findings of an image come from there.',
      'For a package of your own, raise it to its fixed version.',
    ],
  },
  license: {
    what: 'a dependency has a licence that the policy does not allow',
    nextSteps: [
      'Replace the package, or ask whoever owns the policy for an exception.',
    ],
  },
  'training-error': {
    what: 'training ended with an error',
    nextSteps: [
      'Read the last frame of the traceback that is in your own code.',
      'Compare parameters and library versions with the last run that trained.',
    ],
  },
  gate: {
    what: 'the model is below the quality gate',
    nextSteps: [
      'Compare parameters, data and libraries with the champion; undo what made the metric worse.',
      'Lower the threshold only if its owner agrees that a worse model may serve.',
    ],
  },
  'out-of-memory': {
    what: 'the process ran out of memory',
    nextSteps: [
      'Look at what grew since the last green run: data, batch size, number of workers.',
      'If the need is real, take a runner or a memory limit that fits it.',
    ],
  },
  'data-loading': {
    what: 'the data could not be read, or is not what its schema says',
    nextSteps: [
      'Look at the row and column that the line names, in the file of this commit.',
      'If the new form of the data is right, change the schema in the same commit.',
    ],
  },
  manifest: {
    what: 'a Kubernetes manifest is not valid',
    nextSteps: [
      'Build the overlay on your machine and run the same check on it.',
    ],
  },
  'argo-sync': {
    what: 'Argo CD could not bring the cluster to what the manifests say',
    nextSteps: [
      'Look at that resource in Argo CD: the message is the cluster’s own.',
    ],
  },
  'image-pull': {
    what: 'an image could not be pulled',
    nextSteps: [
      'Check that the tag or digest exists in the registry.',
      'Then check that whoever pulls may read it.',
    ],
  },
  credentials: {
    what: 'access was refused',
    nextSteps: [
      'Check the secret, role or permission that the line speaks of: does it exist for this job, is it valid, may it do that?',
      'A pull request from a fork gets no secrets and no write rights.',
    ],
  },
  configuration: {
    what: 'the workflow, a tool or the service is not set up in a way that can work',
    nextSteps: [
      'Mend the setting that the line names, in the workflow or in the file of that tool.',
    ],
  },
  infrastructure: {
    what: 'something around the pipeline failed, not its code',
    nextSteps: [
      'Look at what the line says of the machine, the network or the service.',
    ],
  },
  flaky: {
    what: 'a test passed and failed on the same commit',
    nextSteps: [
      'Open an issue for the test: it will fail at some time as it did now.',
    ],
  },
  timeout: {
    what: 'a time limit was reached',
    nextSteps: [
      'Look at the last line before the limit: what was it waiting for?',
      'Compare the duration with the last green run before you raise the limit.',
    ],
  },
  cancelled: {
    what: 'the run was cancelled',
    nextSteps: ['Nothing, if a newer push took its place.'],
  },
  latency: {
    what: 'answers take too long',
    nextSteps: [
      'Look at what a slow request waits for: queue, CPU, GPU, or another service.',
    ],
  },
  errors: {
    what: 'requests fail',
    nextSteps: [
      'Read the first error of a failed request in the log of the container that answered it.',
    ],
  },
  'crash-loop': {
    what: 'a container ends again and again',
    nextSteps: [
      'Read the end of the log of the container that ended, and its exit code.',
      'Compare the pod template with the last revision that ran.',
    ],
  },
  probe: {
    what: 'a probe ends or withholds a container',
    nextSteps: [
      'Compare the delays of the probe with the time that the container takes to start and to answer.',
    ],
  },
  scheduling: {
    what: 'a pod finds no node',
    nextSteps: [
      'Compare requests, taints, selectors and priorities of the pod with what the nodes have left.',
    ],
  },
  scaling: {
    what: 'the number of replicas does not follow the load',
    nextSteps: [
      'Look at who sets the number of replicas, and at its limits and delays.',
    ],
  },
  rollout: {
    what: 'a rollout takes replicas away that still get requests',
    nextSteps: [
      'Look at how pods end: preStop, grace period, readiness, the surge of the rollout.',
    ],
  },
  throttling: {
    what: 'the CPU limit slows the container down',
    nextSteps: ['Raise the CPU limit, or use fewer threads.'],
  },
  network: {
    what: 'a connection could not be made or was lost',
    nextSteps: [
      'Look at name resolution, network policies and time limits between the two ends that the line names.',
    ],
  },
  certificate: {
    what: 'a certificate is not valid',
    nextSteps: [
      'Renew the certificate, and look at why it was not renewed by itself.',
    ],
  },
  'disk-full': {
    what: 'a disk is full',
    nextSteps: [
      'Free space on the volume that the line names, then limit what grows there.',
    ],
  },
  hardware: {
    what: 'a device or a node is broken',
    nextSteps: ['Take the node out of service, and have it repaired.'],
  },
  upstream: {
    what: 'a service that is asked does not answer as it should',
    nextSteps: ['Look at that service at the time of the alert.'],
  },
  'model-loading': {
    what: 'the model cannot be loaded',
    nextSteps: [
      'Compare the versions that the model was made with to those that serve it.',
    ],
  },
  'model-input': {
    what: 'requests have a form that the model does not take',
    nextSteps: [
      'Compare names, number, types and shapes of the inputs with the signature of the model.',
    ],
  },
  'model-version': {
    what: 'another version of the model is served than was asked for',
    nextSteps: ['Name the version to serve, not an alias that moves.'],
  },
  drift: {
    what: 'the data are other than those of the training',
    nextSteps: [
      'Look at which features moved, and whether their source changed.',
    ],
  },
  'false-alarm': {
    what: 'the alert fires and nothing is affected',
    nextSteps: [
      'Raise the limit or the threshold that the alert speaks of, or silence the alert.',
    ],
  },
  unknown: {
    what: 'no rule explains it',
    nextSteps: ['Read the lines of the proof; they are what differs most.'],
  },
};
