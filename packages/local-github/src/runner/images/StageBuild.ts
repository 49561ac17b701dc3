// SPDX-License-Identifier: Apache-2.0
import type { SourceEntry } from './BuildContext';
import type { BuildStage } from './BuildStage';

/** What an instruction works on. */
export interface StageBuild {
  stage: BuildStage;
  /** The escape character. */
  escape: string;
  context: ReadonlyMap<string, SourceEntry>;
  buildArgs: Record<string, string>;
  /** ARGs from before the first FROM, and the platform. */
  globals: ReadonlyMap<string, string>;
  /** Names of build arguments that an ARG has asked for. */
  consumed: Set<string>;
  /** An earlier stage by its name or number. */
  findStage(name: string): BuildStage | undefined;
  /** Told of what cannot be done here. */
  notDone(sentence: string): void;
}

/** Something of a Dockerfile that BuildKit can and this cannot, so that the image would be another one. */
export class UnsupportedInstruction extends Error {}
