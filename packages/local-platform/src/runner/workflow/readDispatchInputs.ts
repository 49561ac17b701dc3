import type { InputConfig } from '@actions/workflow-parser/model/workflow-template';
import type { JsonObject, JsonValue } from '../types';

/** GitHub's limit of inputs of one dispatch. */
const maxInputs = 25;

/**
 * The `inputs` context of a dispatch: given values as their types want them, then defaults. `problems` says what GitHub
 * would refuse.
 */
export function readDispatchInputs(
  definitions: { [name: string]: InputConfig },
  given: { [name: string]: unknown },
): { inputs: JsonObject; problems: string[] } {
  const problems: string[] = [];
  const inputs: JsonObject = {};
  const unexpected = Object.keys(given).filter(
    name => !Object.hasOwn(definitions, name),
  );
  if (unexpected.length > 0) {
    problems.push(
      `Unexpected inputs provided: ${JSON.stringify(unexpected)}`,
    );
  }
  if (Object.keys(given).length > maxInputs) {
    problems.push(`At most ${maxInputs} inputs are allowed`);
  }
  for (const [name, definition] of Object.entries(definitions)) {
    const type: string = definition.type ?? 'string';
    const value = given[name];
    if (value === undefined || value === null || value === '') {
      if (definition.required && definition.default === undefined) {
        problems.push(`Required input '${name}' not provided`);
      }
      inputs[name] = definition.default ?? (type === 'boolean' ? false : '');
      continue;
    }
    const read = readInput(type, definition.options ?? [], value);
    if (read === undefined) {
      problems.push(
        `Provided value '${String(value)}' for input '${name}' is not a valid ${type}${
          type === 'choice' ? `: one of ${(definition.options ?? []).join(', ')}` : ''
        }`,
      );
    } else {
      inputs[name] = read;
    }
  }
  return { inputs, problems };
}

function readInput(
  type: string,
  options: string[],
  value: unknown,
): JsonValue | undefined {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  switch (type) {
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text))
        ? Number(text)
        : undefined;
    case 'choice':
      return options.includes(text) ? text : undefined;
    default:
      return text;
  }
}
