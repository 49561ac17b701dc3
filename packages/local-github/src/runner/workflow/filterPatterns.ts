// SPDX-License-Identifier: Apache-2.0
interface PatternPart {
  takes: (character: string) => boolean;
  /** It may take more than one character. */
  repeats: boolean;
  /** How many parts further one may go on without it; none where it must be there. */
  skips: number[];
}

function readSet(pattern: string, start: number): string | undefined {
  const end = pattern.indexOf(']', start);
  const content = pattern.slice(start, end);
  return end > start && /^[A-Za-z0-9-]+$/.test(content) ? content : undefined;
}

function readPattern(pattern: string): PatternPart[] {
  const parts: PatternPart[] = [];
  const add = (
    takes: PatternPart['takes'],
    more: Partial<PatternPart> = {},
  ): void => {
    parts.push({ takes, repeats: false, skips: [], ...more });
  };
  const isAny = () => true;
  const is = (character: string) => (other: string) => other === character;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index];
    const last = parts.at(-1);
    if (character === '*' && pattern[index + 1] === '*') {
      const wholeSegment = index === 0 || pattern[index - 1] === '/';
      if (wholeSegment && pattern[index + 2] === '/') {
        add(() => false, { skips: [1, 3] });
        add(isAny, { repeats: true, skips: [1] });
        add(is('/'));
        index += 2;
      } else {
        add(isAny, { repeats: true, skips: [1] });
        index += 1;
      }
    } else if (character === '*') {
      add(other => other !== '/', { repeats: true, skips: [1] });
    } else if (character === '?' && last) {
      last.skips = [...last.skips, 1];
    } else if (character === '+' && last) {
      last.repeats = true;
    } else if (character === '[') {
      const set = readSet(pattern, index + 1);
      if (set === undefined) {
        add(is('['));
      } else {
        const taken = new RegExp(`^[${set}]$`);
        add(other => taken.test(other));
        index += set.length + 1;
      }
    } else if (character === '\\' && index + 1 < pattern.length) {
      index += 1;
      add(is(pattern[index]));
    } else {
      add(is(character));
    }
  }
  return parts;
}

/**
 * Whether a name fits one of GitHub's filter patterns for branches, tags and paths
 * (docs.github.com/actions/reference/workflows-and-actions/workflow-syntax, "Filter pattern cheat sheet"):
 * `*` and `**`, `?` and `+` for the character before, and `[]`. Follows all ways at once: as a regular
 * expression, a pattern of many stars would take for ever.
 */
export function matchesPattern(pattern: string, name: string): boolean {
  const parts = readPattern(pattern);
  const enter = (places: Set<number>): Set<number> => {
    // A set that grows is walked to its end.
    for (const place of places) {
      for (const skip of parts[place]?.skips ?? []) {
        places.add(place + skip);
      }
    }
    return places;
  };
  let places = enter(new Set([0]));
  for (const character of name.split('')) {
    const next = new Set<number>();
    for (const place of places) {
      const part = parts[place];
      if (part?.takes(character)) {
        next.add(place + 1);
        if (part.repeats) {
          next.add(place);
        }
      }
    }
    places = enter(next);
  }
  return places.has(parts.length);
}

/** Whether a list of patterns takes a name; a later `!pattern` takes it out again. */
export function matchesPatterns(patterns: string[], name: string): boolean {
  let matched = false;
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(pattern.slice(1), name)) {
        matched = false;
      }
    } else if (matchesPattern(pattern, name)) {
      matched = true;
    }
  }
  return matched;
}
