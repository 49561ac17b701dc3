// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { PulledImage } from '../images/ImageStore';
import {
  CommandParts,
  containerCommand,
  findMissingProgram,
} from './containerCommand';
import { ContainerPorts } from './ContainerPorts';
import { ContainerCommand } from './ContainerProcess';
import { containerVariables } from './containerVariables';
import { ContainerSpec, podKey } from './kubeTypes';
import { PodContext } from './PodContext';

const TERMINATION_LOG = 'termination-log';
const DEFAULT_TERMINATION_PATH = '/dev/termination-log';

/** The program of a container is not there, or may not be run. */
export class StartError extends Error {
  constructor(reason: string) {
    super(`unable to start container process: ${reason}`);
    this.name = 'StartError';
  }
}

/**
 * What one run of a container starts, from what its spec, its image and its pod say now.
 *
 * @param dir - The container's folder.
 * @throws ConfigError for what the spec refers to and is not there.
 */
export async function prepareCommand(
  spec: ContainerSpec,
  image: PulledImage,
  ports: ContainerPorts,
  dir: string,
  context: PodContext,
): Promise<ContainerCommand> {
  const { node, place, objects, volumes } = context;
  const pod = context.pod();
  const variables = await containerVariables(spec, pod, place, objects);
  const tmp = path.join(dir, 'tmp');
  fs.mkdirSync(tmp, { recursive: true });
  fs.rmSync(terminationLog(dir), { force: true });
  const parts: CommandParts = {
    spec,
    image,
    variables,
    mappings: [
      // Several containers of one machine must not meet in its own.
      { from: '/tmp', to: tmp },
      {
        from: spec.terminationMessagePath ?? DEFAULT_TERMINATION_PATH,
        to: terminationLog(dir),
      },
      ...volumes.mappings(spec, variables),
    ],
    ports: ports.map,
    defaults: {
      HOME: tmp,
      TMPDIR: tmp,
      HOSTNAME: podKey(pod).name,
      KUBERNETES_SERVICE_HOST: node.server.hostname,
      KUBERNETES_SERVICE_PORT: node.server.port || '443',
    },
  };
  return containerCommand(parts);
}

/** @throws {@link StartError} when there is nothing that could be started. */
export function checkProgram(command: ContainerCommand): void {
  const missing = findMissingProgram(command);
  if (missing) {
    throw new StartError(missing);
  }
}

/** Where a container leaves its last words. */
export function terminationLog(dir: string): string {
  return path.join(dir, TERMINATION_LOG);
}
