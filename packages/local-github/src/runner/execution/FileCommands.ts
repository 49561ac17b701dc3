// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  readKeyValueFile,
  readLimited,
  readLinesFile,
} from './readCommandFiles';
import type { JobState } from './JobState';

const variables = {
  GITHUB_ENV: 'set_env',
  GITHUB_OUTPUT: 'set_output',
  GITHUB_PATH: 'add_path',
  GITHUB_STATE: 'save_state',
  GITHUB_STEP_SUMMARY: 'step_summary',
} as const;

/** The files through which one step speaks to the job: `GITHUB_ENV`, `GITHUB_OUTPUT`, … */
export class FileCommands {
  readonly files: Record<keyof typeof variables, string>;

  private constructor(files: Record<keyof typeof variables, string>) {
    this.files = files;
  }

  static async create(state: JobState): Promise<FileCommands> {
    const directory = state.files.writable(state.directories.commands);
    await mkdir(directory, { recursive: true });
    const id = randomUUID();
    const file = (name: string) => path.join(directory, `${name}_${id}`);
    const files = {
      GITHUB_ENV: file(variables.GITHUB_ENV),
      GITHUB_OUTPUT: file(variables.GITHUB_OUTPUT),
      GITHUB_PATH: file(variables.GITHUB_PATH),
      GITHUB_STATE: file(variables.GITHUB_STATE),
      GITHUB_STEP_SUMMARY: file(variables.GITHUB_STEP_SUMMARY),
    };
    await Promise.all(Object.values(files).map(name => writeFile(name, '')));
    return new FileCommands(files);
  }

  /**
   * Takes what the step wrote into the job.
   * @returns the step's outputs.
   * @throws if a file has not the format.
   */
  apply(state: JobState): Record<string, string> {
    for (const [name, value] of readKeyValueFile(
      state.files,
      this.files.GITHUB_ENV,
    )) {
      if (/^(GITHUB|RUNNER)_/i.test(name) || /^NODE_OPTIONS$/i.test(name)) {
        throw new Error(
          `Can't store ${name} output parameter using '$GITHUB_ENV' command.`,
        );
      }
      state.env[name] = value;
    }
    for (const entry of readLinesFile(state.files, this.files.GITHUB_PATH)) {
      state.path = [entry, ...state.path.filter(known => known !== entry)];
    }
    const summary = readLimited(state.files, this.files.GITHUB_STEP_SUMMARY);
    if (summary.trim() !== '') {
      state.summaries.push(state.masker.mask(summary));
    }
    return Object.fromEntries(
      readKeyValueFile(state.files, this.files.GITHUB_OUTPUT),
    );
  }
}
