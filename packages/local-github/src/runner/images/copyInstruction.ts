// SPDX-License-Identifier: Apache-2.0
import type { Instruction } from 'dockerfile-ast';
import { copyFiles } from './copyFiles';
import { expand, jsonOf, words } from './instructionWords';
import { UnsupportedInstruction, type StageBuild } from './StageBuild';

/** COPY, and ADD of files. @throws in BuildKit's words */
export function copyInstruction(
  instruction: Instruction,
  build: StageBuild,
): void {
  const { stage } = build;
  const keyword = instruction.getKeyword();
  const flags = flagsOf(instruction);
  const list =
    jsonOf(instruction)?.map(word => expand(word, build)) ??
    words(instruction, build);
  if (list.some(word => word.startsWith('<<'))) {
    throw new UnsupportedInstruction(`${keyword} of a here-document`);
  }
  if (list.length < 2) {
    throw new Error(
      `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`,
    );
  }
  const sources = list.slice(0, -1);
  const target = list[list.length - 1];
  if (sources.length > 1 && !target.endsWith('/')) {
    throw new Error(
      `When using ${keyword} with more than one source file, the destination must be a directory and end with a /`,
    );
  }
  const special = sources.find(source =>
    /^([a-z]+:\/\/|git@)|\.(tar|tgz|tar\.\w+)$/.test(source),
  );
  if (keyword === 'ADD' && special) {
    throw new UnsupportedInstruction(`ADD of ${special}`);
  }
  const from = flags.get('from');
  const other = from ? build.findStage(from) : undefined;
  if (from && !other) {
    build.notDone(`COPY --from=${from}: no other image is fetched`);
    return;
  }
  const missing = copyFiles(other?.files ?? build.context, stage, {
    sources,
    target,
    ...readOwner(expand(flags.get('chown') ?? '0:0', build)),
    ...readMode(flags.get('chmod')),
  });
  if (other) {
    other.requirements.forEach((entry, name) =>
      stage.requirements.set(name, entry),
    );
    other.wheels.forEach((entry, name) => stage.wheels.set(name, entry));
    stage.venv ??= other.venv;
  }
  for (const source of missing) {
    if (!other?.isPartial) {
      throw new Error(
        `failed to compute cache key: failed to calculate checksum of ref: "/${source.replace(/^(\.?\/)+/, '')}": not found`,
      );
    }
    build.notDone(
      `COPY --from=${from} ${source}: a RUN step or the base image would have made it`,
    );
  }
}

const COPY_FLAGS = new Set(['from', 'chown', 'chmod', 'link']);

function flagsOf(instruction: Instruction): Map<string, string> {
  const flags = new Map<string, string>();
  if (!('getFlags' in instruction)) {
    return flags;
  }
  const list = (
    instruction as unknown as {
      getFlags(): { getName(): string; getValue(): string | null }[];
    }
  ).getFlags();
  for (const flag of list) {
    const name = flag.getName();
    if (['parents', 'exclude', 'checksum', 'keep-git-dir'].includes(name)) {
      throw new UnsupportedInstruction(`${instruction.getKeyword()} --${name}`);
    }
    if (!COPY_FLAGS.has(name)) {
      const line = instruction.getRange().start.line + 1;
      throw new Error(
        `dockerfile parse error on line ${line}: unknown flag: --${name}`,
      );
    }
    flags.set(name, flag.getValue() ?? '');
  }
  return flags;
}

/** Names of users are known to the base image only, so that they stand for root, as do files without --chown. */
function readOwner(text: string): { uid: number; gid: number } {
  const [user, group = user] = text.split(':');
  const number = (value: string) => (/^\d+$/.test(value) ? Number(value) : 0);
  return { uid: number(user), gid: number(group) };
}

function readMode(text: string | undefined): { mode?: number } {
  if (!text) {
    return {};
  }
  if (!/^[0-7]{3,4}$/.test(text)) {
    throw new UnsupportedInstruction(`COPY --chmod=${text}`);
  }
  return { mode: parseInt(text, 8) };
}
