// SPDX-License-Identifier: Apache-2.0
import type { ActionInvocation, ActionResult } from '../execution/stepTypes';
import { writeZip } from '../execution/zip';
import { findArtifactFiles } from './artifactFiles';

/** Characters that GitHub refuses in an artifact's name. */
const REFUSED = /["\\/:<>|*?\r\n]/;

/** actions/upload-artifact. */
export async function uploadArtifact(
  invocation: ActionInvocation,
): Promise<ActionResult> {
  const { inputs, state, log } = invocation;
  const { run, repository } = state.spec;
  const name = inputs.get('name', 'artifact');
  if (REFUSED.test(name)) {
    throw new Error(
      `The artifact name is not valid: ${name}. Contains one of the following characters: Double quote ", Colon :, Less than <, Greater than >, Vertical bar |, Asterisk *, Question mark ?, Carriage return \\r, Line feed \\n, Backslash \\, Forward slash /`,
    );
  }
  inputs.required('path');
  const patterns = inputs.lines('path');
  const found = await findArtifactFiles(state, patterns, {
    includeHidden: inputs.boolean('include-hidden-files', false),
  });
  if (found.files.length === 0 && state.skippedSteps.size > 0) {
    state.services.store.artifacts.noteMissing(run.id, name);
    return {
      skipped: `its files would come from a step that the local platform skipped`,
    };
  }
  if (found.files.length === 0) {
    const message = `No files were found with the provided path: ${patterns.join(
      ', ',
    )}. No artifacts will be uploaded.`;
    switch (inputs.get('if-no-files-found', 'warn')) {
      case 'error':
        throw new Error(message);
      case 'ignore':
        log.write(message);
        return {};
      default:
        log.warning(message);
        state.annotate({ level: 'warning', message });
        return {};
    }
  }
  log.write(
    `With the provided path, there will be ${found.files.length} file${
      found.files.length === 1 ? '' : 's'
    } uploaded`,
  );
  const artifact = await state.services.store.artifacts.add(
    {
      repositoryId: repository.id,
      runId: run.id,
      name,
      retentionDays: inputs.integer('retention-days', 0) || 90,
      overwrite: inputs.boolean('overwrite', false),
      // What an earlier attempt of the run has left gives way, as on GitHub.
      attemptStartedAt: run.runAttempt > 1 ? run.runStartedAt : undefined,
    },
    file =>
      writeZip(
        file,
        found.files.map(entry => ({
          ...entry,
          open: () => state.files.open(entry.file),
        })),
      ),
  );
  const url = `${state.services.context.urls.web}/${repository.fullName}/actions/runs/${run.id}/artifacts/${artifact.id}`;
  log.write(
    `SHA256 digest of uploaded artifact zip is ${artifact.digest.slice('sha256:'.length)}`,
  );
  log.write(
    `Artifact ${name} has been successfully uploaded! Final size is ${artifact.size} bytes. Artifact ID is ${artifact.id}`,
  );
  log.write(`Artifact download URL: ${url}`);
  return {
    outputs: {
      'artifact-id': String(artifact.id),
      'artifact-url': url,
      'artifact-digest': artifact.digest.slice('sha256:'.length),
    },
  };
}
