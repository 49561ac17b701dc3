/**
 * GitHub's filter patterns for branches, tags and paths
 * (docs.github.com/actions/reference/workflows-and-actions/workflow-syntax, "Filter pattern cheat sheet"):
 * `*` and `**`, `?` and `+` for the character before, `[]`, and `!`.
 */
export function patternToRegExp(pattern: string): RegExp {
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index];
    if (character === '*') {
      if (pattern[index + 1] === '*') {
        const wholeSegment = index === 0 || pattern[index - 1] === '/';
        if (wholeSegment && pattern[index + 2] === '/') {
          source += '(?:.*/)?';
          index += 2;
        } else {
          source += '.*';
          index += 1;
        }
      } else {
        source += '[^/]*';
      }
    } else if (character === '?' || character === '+') {
      source += source === '' ? `\\${character}` : character;
    } else if (character === '[') {
      const end = pattern.indexOf(']', index + 1);
      const content = pattern.slice(index + 1, end);
      if (end > index && /^[A-Za-z0-9-]+$/.test(content)) {
        source += `[${content}]`;
        index = end;
      } else {
        source += '\\[';
      }
    } else if (character === '\\' && index + 1 < pattern.length) {
      index += 1;
      source += escape(pattern[index]);
    } else {
      source += escape(character);
    }
  }
  return new RegExp(`^(?:${source})$`, 's');
}

/** Whether a list of patterns takes a name; a later `!pattern` takes it out again. */
export function matchesPatterns(patterns: string[], name: string): boolean {
  let matched = false;
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (patternToRegExp(pattern.slice(1)).test(name)) {
        matched = false;
      }
    } else if (patternToRegExp(pattern).test(name)) {
      matched = true;
    }
  }
  return matched;
}

function escape(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
}
