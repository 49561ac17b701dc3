import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { RegExpParser } = require('@eslint-community/regexpp');

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

function* walk(node) {
  yield node;
  if (isCharacters(node)) {
    return;
  }
  for (const child of node.alternatives ?? node.elements ?? []) {
    yield* walk(child);
  }
  if (node.element) {
    yield* walk(node.element);
  }
}

const isCharacters = node =>
  node.type === 'Character' ||
  node.type === 'CharacterSet' ||
  node.type === 'CharacterClass' ||
  node.type === 'ExpressionCharacterClass';

/** Characters that the expression tells apart, and which of its sets hold them. */
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
    pick: raw =>
      sorted.find(({ inside }) => inside[sets.indexOf(raw)])?.character,
  };
}

/**
 * Texts that an expression matches, as lists of their parts: one for each
 * alternative in it, so that every part of the expression is in one of them.
 */
function listPaths(pattern, pick) {
  const branches = [...walk(pattern)].filter(
    node => node.alternatives?.length > 1,
  );
  const choices = [
    new Map(),
    ...branches.flatMap(branch =>
      branch.alternatives.slice(1).map(chosen => {
        const choice = new Map([[branch, chosen]]);
        // The way to it leads through what it is in.
        for (let node = branch; node.parent; node = node.parent) {
          if (node.type === 'Alternative' && node.parent.alternatives) {
            choice.set(node.parent, node);
          }
        }
        return choice;
      }),
    ),
  ];
  return choices.map(choice => {
    const groups = new Map();
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
          return node.kind.startsWith('look') && !node.negate
            ? readAny(node)
            : [];
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
          return node.alternatives ? readAny(node) : [];
      }
    };
    const readAny = node =>
      (choice.get(node) ?? node.alternatives[0]).elements.flatMap(read);
    return join(readAny(pattern));
  });
}

const textOf = tokens => tokens.map(({ text }) => text).join('');

/** Neighbours that do not repeat are one part. */
function join(tokens) {
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
 */
export function splitAlternatives(source, flags) {
  const { alternatives } = parseExpression(source, flags);
  // A reference may point out of its alternative.
  return /\\[1-9k]/.test(source)
    ? [source]
    : alternatives.map(({ raw }) => raw);
}

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
  if (node.alternatives) {
    return node.alternatives.reduce((sum, each) => sum + countWays(each), 0);
  }
  return (node.elements ?? []).reduce(
    (product, each) => product * countWays(each),
    1,
  );
}

/**
 * What may make an expression backtrack, made from its own characters: texts that
 * it begins to match and a part of them repeated, with an end that it refuses.
 *
 * @returns {Array<{ prefix: string, pump: string, suffix: string }>}
 */
export function listAttacks(source, flags) {
  const pattern = parseExpression(source, flags);
  const { characters, pick } = sortCharacters(pattern, flags);
  const refused = characters.at(-1);
  const attacks = new Map();
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
