// SPDX-License-Identifier: Apache-2.0
import type { Prompt } from './types';

/** A scanner of code, dependencies, images, secrets or licences said no. */
export const securityScanPrompt: Prompt = {
  id: 'security-scan',
  version: 1,
  types: ['sast', 'sca', 'secret', 'container-cve', 'license'],
  task: `A security scan failed this pipeline. Explain to the owner of the code:
- which finding made the scan fail, and by which threshold or policy if a line shows it;
- what brings it in: the flagged code, a direct dependency, a transitive one, or the base image;
- which version ends it, only if the findings name a fixed version;
- for a secret: that it has to be revoked where it was issued, since removing it from the code does not make it secret again.
Tell findings that fail the scan from those that are only listed. Never call a finding a false positive.`,
};
