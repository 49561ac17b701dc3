// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { resolveInside } from '../../execution/resolveInside';
import type { ActionInputs, ActionInvocation } from '../../execution/stepTypes';
import { readBuildContext } from '../../images/BuildContext';
import { evaluateDockerfile } from '../../images/evaluateDockerfile';
import { packImage, type PackedImage } from '../../images/packImage';
import type { LocalRegistry } from '../../images/LocalRegistry';
import { UnsupportedInstruction } from '../../images/StageBuild';
import { provideRegistryClient } from './registryClient';
import { hostPlatform } from './setUpDocker';
import { withRegistry } from './withRegistry';

/** Where the image goes. */
interface Outlets {
  /** A folder of the workspace for an OCI layout. */
  layout?: string;
  push: boolean;
  tags: string[];
}

/**
 * docker/build-push-action without Docker: one layer with what the Dockerfile copies, and its configuration. The log names
 * what was not done; RUN steps and the base image are not.
 */
export const dockerBuildPush = withRegistry(async (invocation, registry) => {
  const { inputs, state, log } = invocation;
  const outlets = readOutlets(inputs);
  if ('skipped' in outlets) {
    return outlets;
  }
  if (inputs.get('context') === '') {
    return {
      skipped:
        'a Git context is not built on the local platform; `context: .` builds what was checked out',
    };
  }
  const { workspace } = state.directories;
  const root = resolveInside(workspace, inputs.get('context'));
  const file = inputs.get('file')
    ? resolveInside(workspace, inputs.get('file'))
    : path.join(root, 'Dockerfile');
  if (!existsSync(file)) {
    throw failed(
      `failed to read dockerfile: open ${path.basename(file)}: no such file or directory`,
    );
  }
  const platforms = inputs
    .get('platforms', hostPlatform())
    .split(/[,\n]/)
    .map(platform => platform.trim())
    .filter(Boolean);
  const folder = mkdtempSync(
    path.join(state.files.writable(state.directories.temp), 'image-'),
  );
  try {
    const context = await readBuildContext(state.files, root, file);
    const text = state.files.read(file).toString('utf8');
    const built = platforms.map(platform => ({
      platform,
      ...evaluateDockerfile({
        text,
        context,
        platform,
        buildArgs: pairsOf(inputs.lines('build-args')),
        target: inputs.get('target') || undefined,
      }),
    }));
    for (const { stage } of built) {
      const labels = pairsOf(inputs.lines('labels'));
      stage.config.Labels = { ...stage.config.Labels, ...labels };
    }
    built[0].warnings.forEach(warning => log.warning(warning));
    const layout = outlets.layout
      ? state.files.writable(resolveInside(workspace, outlets.layout))
      : folder;
    const image = await packImage(layout, built);
    log.group('Not done, as there is no Docker engine', [
      ...built[0].notDone,
      ...(inputs.get('provenance') === 'false'
        ? []
        : ['no attestation of provenance is added']),
    ]);
    log.write(
      `Packed ${built[0].stage.files.size} files and folders for ${platforms.join(', ')}: one layer of ${image.layerSize} bytes, ${image.descriptor.digest}`,
    );
    if (outlets.push) {
      await push(invocation, registry, layout, outlets.tags);
    }
    return { outputs: outputsOf(image, outlets.tags) };
  } catch (error) {
    if (error instanceof UnsupportedInstruction) {
      return {
        skipped: `${error.message} needs a Docker engine, which the local platform does not have`,
      };
    }
    throw failed(error instanceof Error ? error.message : String(error));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function push(
  invocation: ActionInvocation,
  registry: LocalRegistry,
  layout: string,
  tags: string[],
): Promise<void> {
  if (tags.length === 0) {
    throw new Error('tag is needed when pushing to registry');
  }
  const [command, ...call] = await provideRegistryClient(
    invocation.state,
    registry,
  );
  for (const tag of tags) {
    const code = await invocation.exec(command, [
      ...call,
      'skopeo',
      'copy',
      '--preserve-digests',
      `oci:${layout}`,
      `docker://${tag}`,
    ]);
    if (code !== 0) {
      throw new Error(`failed to push ${tag}`);
    }
  }
}

function readOutlets(inputs: ActionInputs): Outlets | { skipped: string } {
  const tags = inputs
    .get('tags')
    .split(/[,\n]/)
    .map(tag => tag.trim())
    .filter(Boolean);
  const outlets: Outlets = { push: inputs.boolean('push', false), tags };
  if (inputs.boolean('load', false)) {
    return {
      skipped:
        '`load` needs a Docker engine, which the local platform does not have',
    };
  }
  for (const line of inputs.lines('outputs')) {
    const given = pairsOf(line.split(','));
    if (given.type === 'oci' && given.tar === 'false' && given.dest) {
      outlets.layout = given.dest;
    } else if (
      given.type === 'registry' ||
      (given.type === 'image' && given.push === 'true')
    ) {
      outlets.push = true;
      outlets.tags.push(...(given.name ? [given.name] : []));
    } else {
      return {
        skipped: `the output ${line} is not made on the local platform`,
      };
    }
  }
  return outlets;
}

function outputsOf(image: PackedImage, tags: string[]): Record<string, string> {
  const { descriptor, imageId } = image;
  return {
    imageid: imageId,
    digest: descriptor.digest,
    metadata: JSON.stringify(
      {
        'containerimage.config.digest': imageId,
        'containerimage.descriptor': descriptor,
        'containerimage.digest': descriptor.digest,
        ...(tags.length > 0 && { 'image.name': tags.join(',') }),
      },
      undefined,
      2,
    ),
  };
}

function pairsOf(lines: string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map(line => {
      const at = line.indexOf('=');
      return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

function failed(message: string): Error {
  return new Error(
    `buildx failed with: ERROR: failed to build: failed to solve: ${message}`,
  );
}
