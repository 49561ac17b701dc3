// SPDX-License-Identifier: Apache-2.0
import type { Instruction, Property } from 'dockerfile-ast';
import { expandVariables } from './expandVariables';
import type { StageBuild } from './StageBuild';

/** Names and values of ENV and LABEL. */
export function pairs(
  instruction: Instruction,
  build: StageBuild,
): [string, string][] {
  return propertiesOf(instruction).map(property => {
    const raw = property.getUnescapedValue();
    if (raw === null) {
      throw new Error(
        `dockerfile parse error on line ${instruction.getRange().start.line + 1}: ${instruction.getKeyword()} must have two arguments`,
      );
    }
    return [expand(property.getName(), build), expand(raw, build)];
  });
}

/** Names and values as they are written. */
export function propertiesOf(instruction: Instruction): Property[] {
  return 'getProperties' in instruction
    ? (
        instruction as unknown as { getProperties(): Property[] }
      ).getProperties()
    : [];
}

/** The words of an instruction, without its flags. */
export function words(instruction: Instruction, build: StageBuild): string[] {
  return instruction
    .getArguments()
    .map(argument => expand(argument.getValue(), build));
}

/** What an instruction that takes one word was given. */
export function one(instruction: Instruction, build: StageBuild): string {
  const list = words(instruction, build);
  if (instruction.getKeyword() === 'WORKDIR') {
    return list.join(' ');
  }
  if (list.length !== 1) {
    throw new Error(
      `dockerfile parse error on line ${instruction.getRange().start.line + 1}: ${instruction.getKeyword()} requires exactly one argument`,
    );
  }
  return list[0];
}

/** A word with its variables. */
export function expand(word: string, { stage, escape }: StageBuild): string {
  return expandVariables(word, stage.lookUp, escape);
}

/** The exec form: a JSON list of texts. */
export function jsonOf(instruction: Instruction): string[] | undefined {
  try {
    const value: unknown = JSON.parse(instruction.getArgumentsContent() ?? '');
    return Array.isArray(value) && value.every(each => typeof each === 'string')
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}
