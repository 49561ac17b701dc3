// SPDX-License-Identifier: Apache-2.0

/** A workflow command that a step printed, `::error file=a.py,line=3::text`. */
export interface WorkflowCommand {
  name: string;
  properties: Record<string, string>;
  message: string;
}

/** Reads a line as a workflow command; undefined if it is ordinary output. */
export function parseCommand(line: string): WorkflowCommand | undefined {
  const match = /^\s*::([A-Za-z][\w-]*)(?:\s(.*?))?::(.*)/s.exec(line);
  if (!match) {
    return undefined;
  }
  const [, name, properties = '', message] = match;
  return {
    name: name.toLowerCase(),
    properties: Object.fromEntries(
      properties
        .split(',')
        .map(property => property.trim())
        .filter(property => property.includes('='))
        .map(property => {
          const index = property.indexOf('=');
          return [
            property.slice(0, index).trim().toLowerCase(),
            unescapeProperty(property.slice(index + 1)),
          ];
        }),
    ),
    message: unescapeData(message),
  };
}

function unescapeData(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}
