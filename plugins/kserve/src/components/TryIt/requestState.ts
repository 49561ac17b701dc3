// SPDX-License-Identifier: Apache-2.0
import { toError } from '@backstage/errors';
import type { KserveModelMetadata } from '@greenroom/plugin-kserve-common';
import { toJsonText } from './literals';
import { getFirstTexts, type Protocol, type Texts } from './requests';
import { parseInput, type InputProblem } from './tensors';

export type View = 'form' | 'json';

export interface RequestState {
  protocol: Protocol;
  view: View;
  /** Undefined where a form cannot show the request. */
  texts: Texts | undefined;
  json: string;
}

/** Reads a body as a person typed it. */
export function parseJson(json: string): {
  body?: unknown;
  jsonProblem?: string;
} {
  try {
    return { body: JSON.parse(json) };
  } catch (error) {
    return { jsonProblem: toError(error).message };
  }
}

/** Reads the form. */
export function parseTexts(metadata: KserveModelMetadata, texts: Texts) {
  const values = new Map<string, unknown>();
  const problems = new Map<string, InputProblem>();
  for (const input of metadata.inputs) {
    const parsed = parseInput(input, texts[input.name] ?? '');
    if ('problem' in parsed) {
      problems.set(input.name, parsed.problem);
    } else {
      values.set(input.name, parsed.value);
    }
  }
  return { values, problems };
}

/** A request as it is at first: the example, else nothing. */
export function startRequest(
  metadata: KserveModelMetadata,
  protocol: Protocol,
): RequestState {
  const texts = getFirstTexts(metadata, protocol);
  const example = metadata.examples[protocol];
  return {
    protocol,
    view: texts ? 'form' : 'json',
    texts,
    json: toJsonText(
      example ?? (protocol === 'v1' ? { instances: [] } : { inputs: [] }),
    ),
  };
}
