// SPDX-License-Identifier: Apache-2.0
import { cleanText } from '../text/cleanText';
import { Detection, Detector } from './detection';

/** Shorter ones are parts of ordinary words. */
const SHORTEST = 4;
/** From here on a form that only holds a part of the value is searched too. */
const LONG = 8;

const WORDS = new Set(['true', 'false', 'null', 'none', 'undefined']);

function percent(value: string): string[] {
  const bytes = [...Buffer.from(value)];
  const every = bytes.map(byte => `%${byte.toString(16).padStart(2, '0')}`);
  let encoded: string[] = [];
  try {
    const uri = encodeURIComponent(value);
    const strict = uri.replace(
      /[!'()*]/g,
      char => `%${char.charCodeAt(0).toString(16)}`,
    );
    encoded = [uri, strict, strict.replaceAll('%20', '+'), encodeURI(value)];
  } catch {
    // A lone surrogate has no form in a URL.
  }
  return [
    ...encoded,
    ...encoded.map(form => form.replace(/%../g, hex => hex.toLowerCase())),
    every.join(''),
    every.join('').toUpperCase(),
  ];
}

/** Base64 of a value wherever it begins in the encoded text (RFC 4648). */
function base64(value: string): string[] {
  const bytes = Buffer.from(value);
  const forms = [bytes.toString('base64').replace(/={1,2}$/, '')];
  for (const offset of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    // The characters at both ends also hold bits of the neighbours.
    const from = [0, 2, 3][offset];
    const whole = Math.floor((shifted.length * 8) / 6);
    const form = shifted.toString('base64').slice(from, whole);
    if (form.length >= LONG) {
      forms.push(form);
    }
  }
  return forms.flatMap(form => [
    form,
    form.replaceAll('+', '-').replaceAll('/', '_'),
  ]);
}

function escaped(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const html = value.replace(
    /[&<>"']/g,
    char =>
      `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[char] ?? '#39'};`,
  );
  return [
    json,
    json.replaceAll('/', '\\/'),
    JSON.stringify(json).slice(1, -1),
    html,
    value.replaceAll("'", "'\\''"),
    value.replaceAll("'", '&apos;'),
  ];
}

function hexForms(value: string): string[] {
  const form = Buffer.from(value).toString('hex');
  return [form, form.toUpperCase()];
}

/**
 * The forms in which a value can appear in a log: itself, its lines, and what
 * programs make of it. Values below four characters have none.
 */
function formsOf(value: string): string[] {
  const forms = new Set<string>();
  const add = (candidates: string[]) =>
    candidates
      .map(cleanText)
      .filter(form => form.trim().length >= SHORTEST)
      .forEach(form => forms.add(form));
  if (value.trim().length < SHORTEST || WORDS.has(value.toLowerCase())) {
    return [];
  }
  const trimmed = value.trim();
  for (const whole of new Set([value, trimmed])) {
    add([whole, ...escaped(whole), ...percent(whole)]);
    if (whole.length >= LONG) {
      add([...base64(whole), ...base64(`${whole}\n`), ...hexForms(whole)]);
    } else {
      add([
        Buffer.from(whole)
          .toString('base64')
          .replace(/={1,2}$/, ''),
      ]);
    }
  }
  const lines = trimmed.split(/[\r\n]+/);
  if (lines.length > 1) {
    add(lines.map(line => line.trim()).filter(line => line.length >= LONG));
    add([lines.join('')]);
  }
  // The longest first, so that a part never hides the whole.
  return [...forms].sort((a, b) => b.length - a.length);
}

/** A detector of one value that is known to be a secret. */
export function knownValueDetector(value: string, kind: string): Detector {
  const forms = formsOf(value);
  return text => {
    const found: Detection[] = [];
    for (const form of forms) {
      let start = text.indexOf(form);
      while (start >= 0) {
        const end = start + form.length;
        found.push({ start, end, kind, secret: value, certain: true });
        start = text.indexOf(form, end);
      }
    }
    return found;
  };
}
