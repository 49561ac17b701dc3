// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { resolveInside } from '../execution/resolveInside';
import type { ActionInvocation, ActionResult } from '../execution/stepTypes';
import { extractZip } from '../execution/zip';
import type { ArtifactRecord } from '../store/ArtifactStore';
import { matchesPattern } from '../workflow/filterPatterns';

/** actions/download-artifact: by name, by ids, by pattern, or all; of this run or another of the repository. */
export async function downloadArtifact(
  invocation: ActionInvocation,
): Promise<ActionResult> {
  const { inputs, state, log } = invocation;
  const directory = state.files.writable(
    resolveInside(state.directories.workspace, inputs.get('path', '.')),
  );
  const all = available(invocation);
  const name = inputs.get('name');
  const pattern = inputs.get('pattern');
  const ids = new Set(
    inputs
      .get('artifact-ids')
      .split(',')
      .map(id => id.trim())
      .filter(Boolean),
  );
  const artifacts = all.filter(
    artifact =>
      (name === '' || artifact.name === name) &&
      (ids.size === 0 || ids.has(String(artifact.id))) &&
      (pattern === '' || matchesPattern(pattern, artifact.name)),
  );
  const missing = state.services.store.artifacts
    .listMissing(inputs.integer('run-id', state.spec.run.id))
    .filter(each =>
      pattern === '' ? each === name : matchesPattern(pattern, each),
    );
  if (artifacts.length === 0 && missing.length > 0) {
    return {
      skipped: `the artifact ${missing.join(', ')} would come from a step that the local platform skipped`,
    };
  }
  if (artifacts.length === 0 && (name !== '' || ids.size > 0)) {
    throw new Error(
      `Unable to download artifact(s): Artifact not found for name: ${name || [...ids].join(', ')}
        Please ensure that your artifact is not expired and the artifact was uploaded using a compatible version of toolkit/upload-artifact.`,
    );
  }
  await mkdir(directory, { recursive: true });
  const direct =
    name !== '' ||
    (ids.size > 0 && artifacts.length === 1) ||
    inputs.boolean('merge-multiple', false);
  for (const artifact of artifacts) {
    const target = direct ? directory : resolveInside(directory, artifact.name);
    await mkdir(target, { recursive: true });
    const count = await extractZip(artifact.file, target, file =>
      state.files.writable(file),
    );
    log.write(
      `Artifact ${artifact.name} (${count} files, ${artifact.size} bytes) was downloaded to ${target}`,
    );
  }
  log.write(`Total of ${artifacts.length} artifact(s) downloaded`);
  return { outputs: { 'download-path': path.resolve(directory) } };
}

function available({ inputs, state }: ActionInvocation): ArtifactRecord[] {
  const { store } = state.services;
  const { run, repository, permissions } = state.spec;
  const runId = inputs.integer('run-id', run.id);
  const wanted = inputs.get('repository', repository.fullName);
  if (wanted.toLowerCase() !== repository.fullName.toLowerCase()) {
    throw new Error(
      `Artifacts of ${wanted} cannot be downloaded here, only those of ${repository.fullName}`,
    );
  }
  if (runId !== run.id && (permissions.actions ?? 'none') === 'none') {
    throw new Error(
      'Resource not accessible by integration: the artifacts of another run need `permissions: actions: read`',
    );
  }
  return store.artifacts.list({ repositoryId: repository.id, runId }).reverse();
}
