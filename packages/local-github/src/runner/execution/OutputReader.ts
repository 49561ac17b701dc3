// SPDX-License-Identifier: Apache-2.0
import type { Annotation } from '../types';
import { parseCommand, type WorkflowCommand } from './commands';
import type { JobState } from './JobState';
import type { StepLog } from './StepLog';

const levels: Record<string, Annotation['level']> = {
  error: 'failure',
  warning: 'warning',
  notice: 'notice',
};

/** Turns what a step prints into its log, and does what its workflow commands say. */
export class OutputReader {
  readonly outputs: Record<string, string> = {};
  #stopToken: string | undefined;
  readonly #state: JobState;
  readonly #log: StepLog;

  constructor(state: JobState, log: StepLog) {
    this.#state = state;
    this.#log = log;
  }

  /** One line of output. */
  readonly read = (line: string): void => {
    const command = parseCommand(line);
    if (this.#stopToken !== undefined) {
      if (command?.name === this.#stopToken) {
        this.#stopToken = undefined;
      } else {
        this.#log.write(line);
      }
      return;
    }
    if (!command || !this.#perform(command)) {
      this.#log.write(line);
    }
  };

  #perform(command: WorkflowCommand): boolean {
    const { name, message, properties } = command;
    switch (name) {
      case 'error':
      case 'warning':
      case 'notice':
        this.#log.write(`##[${name}]${message}`);
        this.#state.annotate(toAnnotation(levels[name], command));
        return true;
      case 'debug':
        if (this.#isDebug()) {
          this.#log.write(`##[debug]${message}`);
        }
        return true;
      case 'group':
        this.#log.write(`##[group]${message}`);
        return true;
      case 'endgroup':
        this.#log.write('##[endgroup]');
        return true;
      case 'add-mask':
        if (message.trim() !== '') {
          this.#state.masker.add(message);
        }
        return true;
      case 'stop-commands':
        this.#stopToken = message.toLowerCase();
        return true;
      case 'set-output':
        this.outputs[properties.name] = message;
        this.#log.warning(
          'The `set-output` command is deprecated and will be disabled soon. Please upgrade to using Environment Files.',
        );
        return true;
      case 'set-env':
      case 'add-path':
        this.#log.error(
          `The \`${name}\` command is disabled. Please upgrade to using Environment Files.`,
        );
        return true;
      case 'echo':
      case 'add-matcher':
      case 'remove-matcher':
      case 'save-state':
        return true;
      default:
        return false;
    }
  }

  #isDebug(): boolean {
    const { secrets, contexts } = this.#state.spec;
    return (
      secrets.ACTIONS_STEP_DEBUG === 'true' ||
      contexts.vars.ACTIONS_STEP_DEBUG === 'true'
    );
  }
}

function toAnnotation(
  level: Annotation['level'],
  { message, properties }: WorkflowCommand,
): Annotation {
  const number = (name: string) =>
    /^\d+$/.test(properties[name] ?? '') ? Number(properties[name]) : undefined;
  const startLine = number('line');
  const startColumn = number('col');
  return {
    level,
    message,
    title: properties.title,
    path: properties.file,
    startLine,
    endLine: number('endline') ?? startLine,
    startColumn,
    endColumn: number('endcolumn') ?? startColumn,
  };
}
