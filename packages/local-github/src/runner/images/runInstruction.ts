// SPDX-License-Identifier: Apache-2.0
import type { Instruction } from 'dockerfile-ast';
import { copyInstruction } from './copyInstruction';
import { expandVariables } from './expandVariables';
import { jsonOf, one, pairs, propertiesOf, words } from './instructionWords';
import { noteInstallation } from './noteInstallation';
import type { StageBuild } from './StageBuild';

type Handler = (instruction: Instruction, build: StageBuild) => void;

const handlers: Record<string, Handler> = {
  ARG: addArgument,
  ENV: (instruction, build) => {
    // An instruction sees what was set before it.
    const values = pairs(instruction, build);
    values.forEach(([name, value]) => build.stage.env.set(name, value));
  },
  LABEL: (instruction, { stage, ...build }) => {
    const values = pairs(instruction, { stage, ...build });
    stage.config.Labels = {
      ...stage.config.Labels,
      ...Object.fromEntries(values),
    };
  },
  WORKDIR: (instruction, build) => {
    const { stage } = build;
    const target = stage.resolve(one(instruction, build));
    stage.config.WorkingDir = `/${target}`;
    stage.addDirectory(target);
  },
  USER: (instruction, build) => {
    build.stage.config.User = one(instruction, build);
  },
  STOPSIGNAL: (instruction, build) => {
    build.stage.config.StopSignal = one(instruction, build);
  },
  EXPOSE: (instruction, build) => {
    for (const port of words(instruction, build)) {
      const match = /^(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/i.exec(port);
      if (!match) {
        throw new Error(`invalid containerPort: ${port}`);
      }
      const last = Math.min(Number(match[2] ?? match[1]), 65535);
      for (let number = Number(match[1]); number <= last; number++) {
        const key = `${number}/${(match[3] ?? 'tcp').toLowerCase()}`;
        build.stage.config.ExposedPorts = {
          ...build.stage.config.ExposedPorts,
          [key]: {},
        };
      }
    }
  },
  VOLUME: (instruction, build) => {
    for (const name of jsonOf(instruction) ?? words(instruction, build)) {
      build.stage.config.Volumes = {
        ...build.stage.config.Volumes,
        [name]: {},
      };
    }
  },
  CMD: (instruction, { stage }) => {
    stage.config.Cmd = commandOf(instruction);
    stage.hasCommand = true;
  },
  ENTRYPOINT: (instruction, { stage }) => {
    stage.config.Entrypoint = commandOf(instruction);
    if (!stage.hasCommand) {
      delete stage.config.Cmd;
    }
  },
  COPY: copyInstruction,
  ADD: copyInstruction,
  RUN: (instruction, build) => {
    const text = instruction.getArgumentsContent() ?? '';
    build.stage.isPartial = true;
    noteInstallation(text, build.stage);
    build.notDone(`RUN ${shorten(text)}`);
  },
  // These say something to Docker's own engine, or to an image that is built on this one.
  HEALTHCHECK: () => undefined,
  MAINTAINER: () => undefined,
  ONBUILD: () => undefined,
  SHELL: () => undefined,
};

/** Does what one instruction says to its stage. @throws in BuildKit's words */
export function runInstruction(
  instruction: Instruction,
  build: StageBuild,
): void {
  const line = instruction.getRange().start.line + 1;
  const keyword = instruction.getKeyword();
  const handler = handlers[keyword];
  if (!handler) {
    throw new Error(
      `dockerfile parse error on line ${line}: unknown instruction: ${instruction.getInstruction()}`,
    );
  }
  if (!instruction.getArgumentsContent()?.trim()) {
    throw new Error(
      `dockerfile parse error on line ${line}: ${keyword} requires at least one argument`,
    );
  }
  handler(instruction, build);
}

function addArgument(instruction: Instruction, build: StageBuild): void {
  for (const property of propertiesOf(instruction)) {
    const name = property.getName();
    build.consumed.add(name);
    const raw = property.getUnescapedValue();
    const value =
      build.buildArgs[name] ??
      (raw === null
        ? build.globals.get(name)
        : expandVariables(raw, build.stage.lookUp, build.escape));
    if (value !== undefined) {
      build.stage.args.set(name, value);
    }
  }
}

function commandOf(instruction: Instruction): string[] {
  return (
    jsonOf(instruction) ?? [
      '/bin/sh',
      '-c',
      instruction.getArgumentsContent() ?? '',
    ]
  );
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
