// SPDX-License-Identifier: Apache-2.0

type Labels = Readonly<Record<string, string>>;

/** Splits at commas outside of parentheses. */
function splitRequirements(selector: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of selector) {
    if (character === ',' && depth === 0) {
      parts.push(part);
      part = '';
      continue;
    }
    depth += Number(character === '(') - Number(character === ')');
    part += character;
  }
  return [...parts, part].map(item => item.trim());
}

function meets(requirement: string, labels: Labels): boolean {
  const open = requirement.indexOf('(');
  if (open > 0 && requirement.endsWith(')')) {
    const [key, operator, ...rest] = requirement
      .slice(0, open)
      .trim()
      .split(/\s+/);
    const values = requirement
      .slice(open + 1, -1)
      .split(',')
      .map(value => value.trim());
    const isAmong = labels[key] !== undefined && values.includes(labels[key]);
    return rest.length === 0 && operator === 'in'
      ? isAmong
      : operator === 'notin' && !isAmong;
  }
  const at = requirement.indexOf('=');
  if (at > 0) {
    const isNegated = requirement[at - 1] === '!';
    const key = requirement.slice(0, isNegated ? at - 1 : at).trim();
    const value = requirement
      .slice(at + 1)
      .replace('=', '')
      .trim();
    return (labels[key] === value) !== isNegated;
  }
  return requirement.startsWith('!')
    ? labels[requirement.slice(1).trim()] === undefined
    : labels[requirement] !== undefined;
}

/**
 * Whether labels meet a Kubernetes label selector, e.g. `app=churn,tier in (a,b)`.
 * An empty selector meets nothing here: it would open everything.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function matchLabels(selector: string, labels: Labels): boolean {
  const requirements = splitRequirements(selector).filter(Boolean);
  return (
    requirements.length > 0 && requirements.every(item => meets(item, labels))
  );
}
