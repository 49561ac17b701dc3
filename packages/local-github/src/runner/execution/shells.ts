// SPDX-License-Identifier: Apache-2.0

/** A step's script file and how to call it. */
export interface ShellCommand {
  extension: string;
  command: string;
  args(script: string): string[];
  /** As the log shows it: `/usr/bin/bash -e {0}`. */
  display: string;
}

/**
 * GitHub's shells (docs.github.com, "jobs.<job_id>.steps[*].shell"); any other value is a command line with `{0}`.
 * @throws if the value is neither.
 */
export function resolveShell(
  shell: string | undefined,
  find: (command: string) => string | undefined,
): ShellCommand {
  const lines: Record<string, [line: string, extension: string]> = {
    bash: ['bash --noprofile --norc -e -o pipefail {0}', '.sh'],
    sh: ['sh -e {0}', '.sh'],
    python: ['python {0}', '.py'],
    pwsh: ['pwsh -command . {0}', '.ps1'],
  };
  const implicit: [string, string] = find('bash')
    ? ['bash -e {0}', '.sh']
    : ['sh -e {0}', '.sh'];
  const [line, extension] = shell ? (lines[shell] ?? [shell, '.sh']) : implicit;
  if (!line.includes('{0}')) {
    throw new Error(
      `Invalid shell option. Shell must be a valid built-in (bash, sh, python, pwsh) or a format string containing '{0}': ${line}`,
    );
  }
  const [name, ...args] = line.split(/\s+/);
  const command = find(name);
  if (!command) {
    throw new Error(`${name}: command not found`);
  }
  return {
    extension,
    command,
    args: script => args.map(arg => arg.replace('{0}', script)),
    display: [command, ...args].join(' '),
  };
}
