// SPDX-License-Identifier: Apache-2.0
import type { KserveModelMetadata } from '@greenroom/plugin-kserve-common';
import { useState } from 'react';
import { toJsonText } from './literals';
import { readTexts, writeBody, type Protocol } from './requests';
import { parseJson, parseTexts, startRequest } from './requestState';
import type { InputProblem } from './tensors';

/** The request that a person makes, as a form and as JSON. */
export function useRequest(metadata: KserveModelMetadata) {
  const [state, setState] = useState(() =>
    startRequest(metadata, metadata.protocols.includes('v2') ? 'v2' : 'v1'),
  );
  const { json, protocol, texts, view } = state;
  const form = texts && parseTexts(metadata, texts);
  const isForm = view === 'form' && form !== undefined;
  const { body, jsonProblem } = isForm
    ? { body: writeBody(metadata, protocol, form.values) }
    : parseJson(json);
  const problems = isForm ? form.problems : new Map<string, InputProblem>();

  return {
    protocol,
    view,
    texts,
    json,
    /** Undefined while it is not JSON. */
    body,
    problems,
    jsonProblem,
    isValid: problems.size === 0 && body !== undefined,
    setProtocol: (next: Protocol) => setState(startRequest(metadata, next)),
    setText: (name: string, text: string) =>
      setState({ ...state, texts: { ...texts, [name]: text } }),
    setJson: (text: string) => setState({ ...state, json: text }),
    toJson: () =>
      setState({
        ...state,
        view: 'json',
        json:
          problems.size === 0 && body !== undefined ? toJsonText(body) : json,
      }),
    /** Only a request that the form can show; see `canBeForm`. */
    toForm: () => {
      const read = readTexts(metadata, protocol, body);
      if (read) {
        setState({ ...state, view: 'form', texts: read });
      }
    },
    canBeForm: isForm || readTexts(metadata, protocol, body) !== undefined,
  };
}

export type Request = ReturnType<typeof useRequest>;
