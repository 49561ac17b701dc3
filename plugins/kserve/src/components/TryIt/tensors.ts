// SPDX-License-Identifier: Apache-2.0
import type { KserveTensor } from '@greenroom/plugin-kserve-common';

/** How a person gives a tensor's value for one row. */
export type InputKind = 'number' | 'integer' | 'boolean' | 'text' | 'list';

/** Why a text is not a value of its tensor. */
export type InputProblem =
  'required' | 'number' | 'integer' | 'range' | 'unsafe' | 'list' | 'length';

export type Parsed = { value: unknown } | { problem: InputProblem };

/** The dimensions of one row; -1 is any length. */
export function getRowShape({ shape }: KserveTensor) {
  const hasBatch = shape.length > 1 || shape[0] === -1 || shape[0] === 1;
  return hasBatch ? shape.slice(1) : shape;
}

/** How many elements a row has; undefined where any number will do. */
export function getRowSize(tensor: KserveTensor) {
  const dimensions = getRowShape(tensor);
  return dimensions.some(length => length < 0)
    ? undefined
    : dimensions.reduce((product, length) => product * length, 1);
}

function getElementKind({ datatype }: KserveTensor) {
  if (datatype === 'BOOL') {
    return 'boolean';
  }
  if (/^U?INT\d+$/.test(datatype)) {
    return 'integer';
  }
  return /^(?:B?FP\d+|BF16)$/.test(datatype) ? 'number' : 'text';
}

export function getInputKind(tensor: KserveTensor): InputKind {
  return getRowSize(tensor) === 1 ? getElementKind(tensor) : 'list';
}

function checkElement(tensor: KserveTensor, value: unknown): Parsed {
  const kind = getElementKind(tensor);
  if (kind === 'boolean' || kind === 'text') {
    const wanted = kind === 'boolean' ? 'boolean' : 'string';
    return typeof value === wanted ? { value } : { problem: 'list' };
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return { problem: kind };
  }
  if (kind === 'integer') {
    if (!Number.isInteger(value)) {
      return { problem: 'integer' };
    }
    if (!Number.isSafeInteger(value)) {
      return { problem: 'unsafe' };
    }
    const [, unsigned, bits] = /^(U?)INT(\d+)$/.exec(tensor.datatype) ?? [];
    const limit = 2 ** (unsigned ? Number(bits) : Number(bits) - 1);
    if (value >= limit || value < (unsigned ? 0 : -limit)) {
      return { problem: 'range' };
    }
  }
  return { value };
}

function parseList(tensor: KserveTensor, text: string): Parsed {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return { problem: 'list' };
  }
  if (!Array.isArray(list)) {
    return { problem: 'list' };
  }
  const elements: unknown[] = list.flat(Infinity);
  const size = getRowSize(tensor);
  if (size !== undefined && elements.length !== size) {
    return { problem: 'length' };
  }
  for (const element of elements) {
    const checked = checkElement(tensor, element);
    if ('problem' in checked) {
      return checked;
    }
  }
  return { value: list };
}

/** Reads what a person typed for one row of a tensor. */
export function parseInput(tensor: KserveTensor, text: string): Parsed {
  const kind = getInputKind(tensor);
  if (kind === 'text') {
    return { value: text };
  }
  const trimmed = text.trim();
  if (trimmed === '') {
    return { problem: 'required' };
  }
  switch (kind) {
    case 'list':
      return parseList(tensor, trimmed);
    case 'boolean':
      return { value: trimmed === 'true' };
    default:
      return checkElement(tensor, Number(trimmed));
  }
}

/** Writes a value as a person would type it. */
export function formatInput(tensor: KserveTensor, value: unknown) {
  if (value === undefined || value === null) {
    return getInputKind(tensor) === 'boolean' ? 'false' : '';
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
