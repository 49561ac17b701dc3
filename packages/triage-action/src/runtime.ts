// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';

/**
 * How an action speaks to its runner (docs.github.com, "Workflow commands" and
 * "Metadata syntax"): what is needed of `@actions/core`, which brings an HTTP
 * client of a megabyte with it.
 */
export interface Runtime {
  env: NodeJS.ProcessEnv;
  write(line: string): void;
}

/** The trimmed value of an input; empty where it is not given. */
export function getInput({ env }: Runtime, name: string): string {
  return env[`INPUT_${name.toUpperCase()}`]?.trim() ?? '';
}

/** @throws Error where the variable is not there: this is no runner */
export function getVariable({ env }: Runtime, name: string): string {
  const value = env[name];
  if (!value) {
    throw new Error(`${name} is not set; this runs in GitHub Actions only`);
  }
  return value;
}

/** An output of the step. */
export function setOutput({ env }: Runtime, name: string, value: string): void {
  if (env.GITHUB_OUTPUT) {
    const end = randomUUID();
    appendFileSync(env.GITHUB_OUTPUT, `${name}<<${end}\n${value}\n${end}\n`);
  }
}

/** Markdown for the page of the run. */
export function addSummary({ env }: Runtime, markdown: string): void {
  if (env.GITHUB_STEP_SUMMARY) {
    appendFileSync(env.GITHUB_STEP_SUMMARY, `${markdown}\n`);
  }
}

/** One line of the step's log, which cannot be read as a command. */
export function say({ write }: Runtime, message: string): void {
  write(message.replace(/[\r\n]+/g, ' ').replace(/^\s*(?=::|##)/, '> '));
}

/** An annotation of the run. */
export function annotate(
  { write }: Runtime,
  level: 'error' | 'warning',
  message: string,
): void {
  const data = message
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
  write(`::${level}::${data}`);
}
