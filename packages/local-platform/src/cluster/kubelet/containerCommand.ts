// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { PulledImage } from '../images/ImageStore';
import { ContainerCommand, ContainerPlaces } from './ContainerProcess';
import { expandVariables } from './expandVariables';
import { ContainerSpec } from './kubeTypes';
import { PathMapping, rewritePaths } from './rewritePaths';
import {
  PortMap,
  rewritePortArguments,
  rewritePortVariables,
} from './rewritePorts';

/** What a container's command is made of. */
export interface CommandParts {
  spec: ContainerSpec;
  image: PulledImage;
  /** Variables of the spec, with what they refer to. */
  variables: Record<string, string>;
  /** Mounts, and what else of the container's paths is elsewhere on this machine. */
  mappings: PathMapping[];
  ports: PortMap;
  /** Variables that every container has, unless the image or the spec say otherwise. */
  defaults: Record<string, string>;
}

const DEFAULT_PATH =
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The command of a container as it is run on this machine: variables expanded, then paths of mounts and of the image rewritten,
 * then ports. Nothing of the platform's own environment is in it.
 */
export function containerCommand(parts: CommandParts): ContainerCommand {
  const { spec, image, ports, defaults } = parts;
  const variables = { ...variablesOfImage(image), ...parts.variables };
  const places = { root: image.root, mappings: parts.mappings };
  const place = (text: string) => placeText(text, places);
  const env = rewritePortVariables(
    mapValues({ PATH: DEFAULT_PATH, ...variables }, place),
    ports,
  );
  const [firstPort] = ports.values();
  return {
    argv: placeWords(
      commandOf(spec, image).map(word => expandVariables(word, variables)),
      places,
      ports,
    ),
    env: {
      ...defaults,
      ...(firstPort && { PORT: String(firstPort), HOST: '127.0.0.1' }),
      ...env,
    },
    cwd: workingDir(spec, image, places),
    places,
  };
}

/** Words of a command with this machine's paths and ports in the place of the container's. */
export function placeWords(
  words: string[],
  places: ContainerPlaces,
  ports: PortMap,
): string[] {
  return rewritePortArguments(
    words.map(word => placeText(word, places)),
    ports,
  );
}

/** Whether what is to be run is there; the runtime's words when it is not. */
export function findMissingProgram({
  argv,
  env,
  cwd,
}: ContainerCommand): string | undefined {
  const [program] = argv;
  if (!program) {
    return 'no command specified';
  }
  if (program.includes('/')) {
    const file = path.resolve(cwd, program);
    return isProgram(file)
      ? undefined
      : `exec: "${program}": ${fs.existsSync(file) ? 'permission denied' : `stat ${program}: no such file or directory`}`;
  }
  const found = env.PATH.split(':').some(
    folder => folder && isProgram(path.join(folder, program)),
  );
  return found
    ? undefined
    : `exec: "${program}": executable file not found in $PATH`;
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** A command given in the spec takes the place of the image's entry point, and of its arguments too. */
function commandOf(spec: ContainerSpec, image: PulledImage): string[] {
  const { command, args } = spec;
  return command?.length
    ? [...command, ...(args ?? [])]
    : [...image.entrypoint, ...(args?.length ? args : image.command)];
}

function variablesOfImage(image: PulledImage): Record<string, string> {
  return Object.fromEntries(
    image.env.map(entry => {
      const at = entry.indexOf('=');
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

function placeText(text: string, { root, mappings }: ContainerPlaces): string {
  return rewritePaths(text, mappings, wanted => {
    const file = path.join(root, wanted);
    return wanted !== '/' && fs.existsSync(file) ? file : undefined;
  });
}

/** A folder that is neither mounted nor in the image is none of this machine's: the image's own takes its place. */
function workingDir(
  spec: ContainerSpec,
  image: PulledImage,
  places: ContainerPlaces,
): string {
  const wanted = spec.workingDir || image.workingDir || '/';
  const placed = placeText(wanted, places);
  return placed === wanted ? image.root : placed;
}

function mapValues(
  values: Record<string, string>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, change(value)]),
  );
}
