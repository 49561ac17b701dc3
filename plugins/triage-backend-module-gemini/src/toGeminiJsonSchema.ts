// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

// "Structured output" of Gemini's documentation: the part of JSON Schema that
// it reads. Others are refused or silently ignored.
const KEYWORDS = new Set([
  '$id',
  '$defs',
  '$ref',
  '$anchor',
  'type',
  'format',
  'title',
  'description',
  'enum',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'anyOf',
  'oneOf',
  'properties',
  'additionalProperties',
  'required',
]);

const MAPS = new Set(['properties', '$defs']);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reduceSchema(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(reduceSchema);
  }
  if (!isObject(value)) {
    return value;
  }
  const reduced: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (MAPS.has(key) && isObject(entry)) {
      reduced[key] = Object.fromEntries(
        Object.entries(entry).map(([name, schema]) => [
          name,
          reduceSchema(schema),
        ]),
      );
    } else if (key === 'const') {
      reduced.enum = [entry];
    } else if (KEYWORDS.has(key)) {
      reduced[key] =
        key === 'enum' || key === 'required' ? entry : reduceSchema(entry);
    }
  }
  if (isObject(reduced.properties)) {
    // Gemini writes properties in this order, not in that of `properties`.
    reduced.propertyOrdering = Object.keys(reduced.properties);
  }
  return reduced;
}

/**
 * A zod schema as Gemini's `responseJsonSchema`: the subset that it understands,
 * with the order of properties as written. What the subset cannot say has to be
 * checked on the answer.
 */
export function toGeminiJsonSchema(schema: z.ZodType): unknown {
  return reduceSchema(z.toJSONSchema(schema, { target: 'draft-2020-12' }));
}
