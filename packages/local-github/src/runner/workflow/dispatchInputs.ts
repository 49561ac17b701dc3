// SPDX-License-Identifier: Apache-2.0
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { ExpressionEvaluator } from '../expressions/ExpressionEvaluator';
import type { ActionsLanguage } from '../language';
import type { JsonObject, JsonValue } from '../types';

/** One input of `on.workflow_dispatch.inputs`. */
export interface DispatchInput {
  /** `string`, `boolean`, `number`, `choice` or `environment`. */
  type: string;
  required: boolean;
  default?: string | number | boolean;
  options: string[];
}

/** GitHub's limit of inputs of one dispatch. */
const MAX_INPUTS = 25;

/** Reads the inputs from their tokens: GitHub's model leaves out the type `number` and its defaults. */
export function readDispatchDefinitions(
  language: ActionsLanguage,
  token: TemplateToken | undefined,
): Record<string, DispatchInput> {
  const value = token ? new ExpressionEvaluator(language, {}).value(token) : {};
  return Object.fromEntries(
    Object.entries(asObject(value)).map(([name, entry]) => {
      const input = asObject(entry);
      const fallback = input.default;
      return [
        name,
        {
          type: typeof input.type === 'string' ? input.type : 'string',
          required: input.required === true,
          default: typeof fallback === 'object' ? undefined : fallback,
          options: Array.isArray(input.options)
            ? input.options.map(String)
            : [],
        },
      ];
    }),
  );
}

/**
 * The `inputs` context of a dispatch: given values as their types want them, then defaults. `problems` says what GitHub
 * would refuse.
 */
export function readDispatchInputs(
  definitions: Record<string, DispatchInput>,
  given: { [name: string]: unknown },
): { inputs: JsonObject; problems: string[] } {
  const problems: string[] = [];
  const inputs: JsonObject = {};
  const unexpected = Object.keys(given).filter(
    name => !Object.hasOwn(definitions, name),
  );
  if (unexpected.length > 0) {
    problems.push(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  }
  if (Object.keys(given).length > MAX_INPUTS) {
    problems.push(`At most ${MAX_INPUTS} inputs are allowed`);
  }
  for (const [name, definition] of Object.entries(definitions)) {
    const { type } = definition;
    const value = given[name];
    if (value === undefined || value === null || value === '') {
      if (definition.required && definition.default === undefined) {
        problems.push(`Required input '${name}' not provided`);
      }
      inputs[name] = definition.default ?? (type === 'boolean' ? false : '');
      continue;
    }
    const read = readInput(type, definition.options, value);
    if (read === undefined) {
      problems.push(
        `Provided value '${String(value)}' for input '${name}' is not a valid ${type}${
          type === 'choice' ? `: one of ${definition.options.join(', ')}` : ''
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
  const text =
    typeof value === 'object' ? JSON.stringify(value) : String(value);
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

function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value
    : {};
}
