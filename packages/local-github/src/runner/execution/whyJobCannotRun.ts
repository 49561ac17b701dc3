// SPDX-License-Identifier: Apache-2.0
import type { JobState } from './JobState';

/** Why none of a job's steps can run on this machine, in plain words. */
export function whyJobCannotRun(state: JobState): string | undefined {
  const { definition, job } = state.spec;
  if (definition.container) {
    return `the job runs in a container, which needs a Docker engine, which the local platform does not have`;
  }
  if (definition.services) {
    return `the job's services need a Docker engine, which the local platform does not have`;
  }
  const here = process.platform === 'darwin' ? 'macos' : 'ubuntu';
  const hosted = job.labels.find(label => /^(windows|macos)-/i.test(label));
  if (hosted && !hosted.toLowerCase().startsWith(here)) {
    return `the job asks for ${hosted}, and this machine is not that`;
  }
  return undefined;
}
