// SPDX-License-Identifier: Apache-2.0
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { RegExpParser } =
  /** @type {typeof import('@eslint-community/regexpp')} */ (
    require('@eslint-community/regexpp')
  );

/**
 * @typedef {import('@eslint-community/regexpp').AST.Node} Node
 * @typedef {import('@eslint-community/regexpp').AST.Pattern} Pattern
 * @typedef {import('@eslint-community/regexpp').AST.Alternative} Alternative
 *
 * @typedef {{ text: string, repeats: boolean }} Token A part of a text.
 * @typedef {{ prefix: string, pump: string, suffix: string }} Attack
 */

const CANDIDATES = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...['\u00a0', 'é', '│', '\u202f', '\ufeff', '≥', '\u2028', '\ufffd'],
].sort(
  // Letters and digits say more in a report than control characters.
  (a, b) => Number(/\w/.test(b)) - Number(/\w/.test(a)),
);

const MAX_WINDOW = 4;
const MAX_TOKENS = 24;
const MAX_DRAWN = 6;

/** @param {Node} node @returns {readonly Alternative[] | undefined} */
const alternativesOf = node =>
  'alternatives' in node && !isCharacters(node)
    ? /** @type {readonly Alternative[]} */ (node.alternatives)
    : undefined;

/** @param {Node} node @returns {Generator<Node>} */
function* walk(node) {
  yield node;
  if (isCharacters(node)) {
    return;
  }
  if (node.type === 'Quantifier') {
    yield* walk(node.element);
  }
  const children =
    node.type === 'Alternative' ? node.elements : alternativesOf(node);
  for (const child of children ?? []) {
    yield* walk(child);
  }
}

/** @param {Node} node */
const isCharacters = node =>
  node.type === 'Character' ||
  node.type === 'CharacterSet' ||
  node.type === 'CharacterClass' ||
  node.type === 'ExpressionCharacterClass';

/** Characters that the expression tells apart, and which of its sets hold them. @param {Pattern} pattern @param {string} flags */
function sortCharacters(pattern, flags) {
  const sets = [
    ...new Set([...walk(pattern)].filter(isCharacters).map(node => node.raw)),
  ];
  const testers = sets.map(
    raw => new RegExp(`^(?:${raw})$`, flags.replace(/[gymd]/g, '')),
  );
  const kinds = new Map();
  for (const character of CANDIDATES) {
    const inside = testers.map(tester => tester.test(character));
    const key = inside.map(Number).join('');
    if (!kinds.has(key)) {
      kinds.set(key, {
        character,
        inside,
        count: inside.filter(Boolean).length,
      });
    }
  }
  const sorted = [...kinds.values()].sort((a, b) => b.count - a.count);
  return {
    /** One of each kind, those of most sets first. */
    characters: sorted.map(({ character }) => character),
    pick: (/** @type {string} */ raw) =>
      sorted.find(({ inside }) => inside[sets.indexOf(raw)])?.character,
  };
}

/**
 * Texts that an expression matches, as lists of their parts: one for each
 * alternative in it, so that every part of the expression is in one of them.
 *
 * @param {Pattern} pattern
 * @param {(raw: string) => string | undefined} pick
 */
function listPaths(pattern, pick) {
  /** @type {Map<Node, Alternative>[]} */
  const choices = [
    new Map(),
    ...[...walk(pattern)].flatMap(branch =>
      (alternativesOf(branch) ?? []).slice(1).map(chosen => {
        const choice = new Map([[branch, chosen]]);
        // The way to it leads through what it is in.
        for (let node = branch; node.parent; node = node.parent) {
          if (node.type === 'Alternative') {
            choice.set(node.parent, node);
          }
        }
        return choice;
      }),
    ),
  ];
  return choices.map(choice => {
    /** @type {Map<Node, string>} */
    const groups = new Map();
    /** @param {Node} node @returns {Token[]} */
    const read = node => {
      if (isCharacters(node)) {
        return [
          {
            text:
              node.type === 'Character'
                ? String.fromCodePoint(node.value)
                : (pick(node.raw) ?? ''),
            repeats: false,
          },
        ];
      }
      switch (node.type) {
        case 'Quantifier': {
          const once = read(node.element);
          const least = Math.min(Math.max(node.min, 1), 64);
          const head = { text: textOf(once).repeat(least - 1), repeats: false };
          return node.max > 1 && node.max > node.min
            ? [head, ...once.map(token => ({ ...token, repeats: true }))]
            : [head, ...(node.max === 0 ? [] : once)];
        }
        case 'Assertion':
          return 'alternatives' in node && !node.negate ? readAny(node) : [];
        case 'Backreference':
          return [
            {
              text: groups.get([node.resolved].flat()[0]) ?? '',
              repeats: true,
            },
          ];
        case 'CapturingGroup': {
          const tokens = readAny(node);
          groups.set(node, textOf(tokens));
          return tokens;
        }
        default:
          return readAny(node);
      }
    };
    const readAny = (/** @type {Node} */ node) =>
      (choice.get(node) ?? alternativesOf(node)?.[0])?.elements.flatMap(read) ??
      [];
    return join(readAny(pattern));
  });
}

/** @param {Token[]} tokens */
const textOf = tokens => tokens.map(({ text }) => text).join('');

/** Neighbours that do not repeat are one part. @param {Token[]} tokens */
function join(tokens) {
  /** @type {Token[]} */
  const joined = [];
  for (const token of tokens.filter(({ text }) => text !== '')) {
    const last = joined.at(-1);
    if (last && !last.repeats && !token.repeats) {
      joined[joined.length - 1] = { ...last, text: last.text + token.text };
    } else {
      joined.push(token);
    }
  }
  return joined.slice(0, MAX_TOKENS);
}

/**
 * The alternatives of an expression on their own: it takes more than linear time
 * only where one of them does.
 *
 * @param {string} source
 * @param {string} flags
 */
export function splitAlternatives(source, flags) {
  const { alternatives } = parseExpression(source, flags);
  // A reference may point out of its alternative.
  return /\\[1-9k]/.test(source)
    ? [source]
    : alternatives.map(({ raw }) => raw);
}

/** @param {string} source @param {string} flags */
export function parseExpression(source, flags) {
  return new RegExpParser({ ecmaVersion: 2025 }).parsePattern(
    source,
    undefined,
    undefined,
    { unicode: flags.includes('u'), unicodeSets: flags.includes('v') },
  );
}

/**
 * In how many ways a text may be tried from one place, at most. Where that is
 * little, an expression is linear whatever the text.
 *
 * @param {Node} node
 * @returns {number}
 */
export function countWays(node) {
  if (isCharacters(node)) {
    return 1;
  }
  if (node.type === 'Quantifier') {
    const ways = countWays(node.element);
    if (node.max === Infinity || node.element.type === 'Backreference') {
      return Infinity;
    }
    let sum = 0;
    for (let count = node.min; count <= node.max && sum < Infinity; count++) {
      sum += ways ** count;
    }
    return sum;
  }
  if (node.type === 'Backreference') {
    return 1;
  }
  const alternatives = alternativesOf(node);
  if (alternatives) {
    return alternatives.reduce((sum, each) => sum + countWays(each), 0);
  }
  return node.type === 'Alternative'
    ? node.elements.reduce((product, each) => product * countWays(each), 1)
    : 1;
}

/**
 * What may make an expression backtrack, made from its own characters: texts that
 * it begins to match and a part of them repeated, with an end that it refuses.
 *
 * @param {string} source
 * @param {string} flags
 * @returns {Attack[]}
 */
export function listAttacks(source, flags) {
  const pattern = parseExpression(source, flags);
  const { characters, pick } = sortCharacters(pattern, flags);
  const refused = characters[characters.length - 1];
  /** @type {Map<string, Attack>} */
  const attacks = new Map();
  /** @param {string} prefix @param {string} pump */
  const add = (prefix, pump) => {
    for (const suffix of ['', refused]) {
      attacks.set(JSON.stringify([prefix, pump, suffix]), {
        prefix,
        pump,
        suffix,
      });
    }
  };
  for (const path of listPaths(pattern, pick)) {
    for (let start = 0; start < path.length; start++) {
      const prefix = textOf(path.slice(0, start));
      for (let end = start + 1; end <= start + MAX_WINDOW; end++) {
        const pump = textOf(path.slice(start, end));
        add('', pump);
        add(prefix, pump);
      }
      if (path[start].repeats) {
        for (const character of characters) {
          add(prefix, character);
        }
      }
      // What stands beside a set is not always what is drawn from it.
      for (const character of characters.slice(0, MAX_DRAWN)) {
        add(prefix, character + path[start].text);
        add(prefix, path[start].text + character);
      }
    }
  }
  for (const character of characters) {
    add('', character);
  }
  return [...attacks.values()];
}
