// SPDX-License-Identifier: Apache-2.0
import { DockerfileParser, type Dockerfile, type From } from 'dockerfile-ast';
import type { SourceEntry } from './BuildContext';
import { BuildStage } from './BuildStage';
import { expandVariables } from './expandVariables';
import {
  REQUIREMENTS_FOLDER,
  REQUIREMENTS_LABEL,
  VENV_LABEL,
} from './ImageConfig';
import { runInstruction } from './runInstruction';
import type { StageBuild } from './StageBuild';

/** What an image is made from. */
export interface BuildOrder {
  /** Text of the Dockerfile. */
  text: string;
  context: ReadonlyMap<string, SourceEntry>;
  buildArgs: Record<string, string>;
  /** Name or number of the stage; the last one unless told. */
  target?: string;
  /** For example `linux/amd64`. */
  platform: string;
}

/** What came of a Dockerfile without running anything. */
export interface BuiltImage {
  stage: BuildStage;
  /** What was not done, a sentence each. */
  notDone: string[];
  warnings: string[];
}

/** BuildKit knows these without an ARG. */
const PREDEFINED = new Set(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap(
    name => [name, name.toLowerCase()],
  ),
);

/**
 * Follows a Dockerfile as far as that goes without a container engine: the files that are copied and the configuration are
 * as BuildKit would make them; what RUN and the base image would have brought is missing, and named.
 *
 * @throws in BuildKit's words for what BuildKit refuses
 */
export function evaluateDockerfile(order: BuildOrder): BuiltImage {
  const dockerfile = DockerfileParser.parse(order.text);
  const froms = dockerfile.getFROMs();
  checkStart(dockerfile);
  const escape = dockerfile.getEscapeCharacter();
  const consumed = new Set<string>();
  const global = new Map<string, string>(platformArgs(order.platform));
  for (const arg of dockerfile.getInitialARGs()) {
    const property = arg.getProperty();
    const name = property?.getName() ?? '';
    consumed.add(name);
    const fallback = property?.getUnescapedValue();
    const value =
      order.buildArgs[name] ??
      (fallback && expandVariables(fallback, key => global.get(key), escape));
    if (value) {
      global.set(name, value);
    }
  }

  const names = froms.map(from => from.getBuildStage()?.toLowerCase());
  const bases = froms.map((from, index) => readBase(from, index));
  const wanted = findTarget();
  const reached = reachable(wanted);
  const stages: BuildStage[] = [];
  const notDone: string[] = [];
  for (const [index, from] of froms.entries()) {
    const base = bases[index];
    const stage = new BuildStage(
      base.stage === undefined ? undefined : stages[base.stage],
      base.image !== 'scratch',
    );
    stages.push(stage);
    const isReached = reached.has(index);
    if (isReached && base.stage === undefined && base.image !== 'scratch') {
      notDone.push(`FROM ${base.image}: the image has no base image`);
    }
    const build: StageBuild = {
      stage,
      escape,
      context: order.context,
      buildArgs: order.buildArgs,
      globals: global,
      consumed,
      findStage: name => {
        const found = findStage(name, index);
        return found === undefined ? undefined : stages[found];
      },
      // What another stage could not do is no matter.
      notDone: sentence => {
        if (isReached) {
          notDone.push(sentence);
        }
      },
    };
    for (const instruction of instructionsOf(from)) {
      if (isReached) {
        runInstruction(instruction, build);
      }
    }
  }
  const stage = stages[wanted];
  if (stage.requirements.size > 0) {
    notDone.push(
      `the Python environment of ${[...stage.requirements.keys()].join(', ')} is made where the image is run`,
    );
  }
  keepRequirements(stage);
  const unknown = Object.keys(order.buildArgs).filter(
    name => !consumed.has(name) && !PREDEFINED.has(name),
  );
  return {
    stage,
    notDone: [...new Set(notDone)],
    warnings:
      unknown.length > 0
        ? [`One or more build-args [${unknown.join(' ')}] were not consumed`]
        : [],
  };

  function readBase(from: From, index: number) {
    const image = expandVariables(
      from.getImage() ?? '',
      name => global.get(name),
      escape,
    );
    if (image === '') {
      throw new Error(
        `base name (${from.getImage() ?? ''}) should not be blank`,
      );
    }
    return { image, stage: findStage(image, index) };
  }

  function findStage(name: string, before: number): number | undefined {
    const named = names.lastIndexOf(name.toLowerCase(), before - 1);
    if (before > 0 && named >= 0) {
      return named;
    }
    return /^\d+$/.test(name) && Number(name) < before
      ? Number(name)
      : undefined;
  }

  function findTarget(): number {
    if (!order.target) {
      return froms.length - 1;
    }
    const found = findStage(order.target, froms.length);
    if (found === undefined) {
      throw new Error(`target stage "${order.target}" could not be found`);
    }
    return found;
  }

  /** The stages that the wanted one is made from; BuildKit leaves the others out. */
  function reachable(start: number): Set<number> {
    const seen = new Set<number>();
    const open = [start];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (!seen.has(next)) {
        seen.add(next);
        const uses = instructionsOf(froms[next]).flatMap(instruction =>
          'getFromFlag' in instruction &&
          typeof instruction.getFromFlag === 'function'
            ? [instruction.getFromFlag()?.getValue() as string | undefined]
            : [],
        );
        const found = uses.map(name =>
          name ? findStage(name, next) : undefined,
        );
        open.push(
          ...[...found, bases[next].stage].filter(each => each !== undefined),
        );
      }
    }
    return seen;
  }

  function instructionsOf(from: From) {
    const start = from.getRange().start.line;
    const following = froms.find(other => other.getRange().start.line > start);
    const end = following?.getRange().start.line ?? Infinity;
    return dockerfile.getInstructions().filter(instruction => {
      const { line } = instruction.getRange().start;
      return line > start && line < end;
    });
  }
}

function checkStart(dockerfile: Dockerfile): void {
  const instructions = dockerfile.getInstructions();
  if (instructions.length === 0) {
    throw new Error('file with no instructions');
  }
  const first = instructions.find(each => each.getKeyword() !== 'ARG');
  if (first?.getKeyword() !== 'FROM') {
    throw new Error('no build stage in current context');
  }
}

function platformArgs(platform: string): [string, string][] {
  const [os, arch, variant = ''] = platform.split('/');
  return ['TARGET', 'BUILD'].flatMap(prefix => [
    [`${prefix}PLATFORM`, platform] as [string, string],
    [`${prefix}OS`, os] as [string, string],
    [`${prefix}ARCH`, arch] as [string, string],
    [`${prefix}VARIANT`, variant] as [string, string],
  ]);
}

/** Puts the lock files into the image, where whoever unpacks it finds what has to be installed. */
function keepRequirements(stage: BuildStage): void {
  const kept = [...stage.requirements].map(([name, entry], index) => {
    const target = `${REQUIREMENTS_FOLDER}/${index + 1}-${name.split('/').pop()}`;
    stage.add(target, entry);
    return `/${target}`;
  });
  for (const [name, entry] of kept.length > 0 ? stage.wheels : []) {
    stage.add(`${REQUIREMENTS_FOLDER}/${name}`, entry);
  }
  if (kept.length > 0) {
    stage.config.Labels = {
      ...stage.config.Labels,
      [REQUIREMENTS_LABEL]: kept.join(','),
      ...(stage.venv && { [VENV_LABEL]: stage.venv }),
    };
  }
}
