// SPDX-License-Identifier: Apache-2.0
const REQUIREMENT =
  /^([A-Za-z0-9][A-Za-z0-9._-]{0,100})\s{0,8}(?:\[[^\]]{0,200}\])?\s{0,8}(@|\(?\s{0,4}[=<>!~]{1,3})?(.{0,300})/;

/** As PyPI compares names: `Scikit_Learn` is `scikit-learn`. */
export function pythonName(name: string): string {
  return name.toLowerCase().replace(/[-_.]{1,20}/g, '-');
}

/** Name and version of one requirement (PEP 508); `1.2` of `==1.2`, else its range. */
export function parseRequirement(text: string): [string, string] | undefined {
  const line = text.slice(0, 600).split(/ #|;/)[0].trim();
  const [, name, operator = '', rest = ''] = REQUIREMENT.exec(line) ?? [];
  if (!name || (operator === '' && rest.trim() !== '')) {
    return undefined;
  }
  const sign = operator.replace(/[(\s]/g, '');
  const version = rest
    .split(/\s--|\s\\/)[0]
    .replace(/[)\\]\s*$/, '')
    .trim();
  return [
    pythonName(name),
    sign === '==' || sign === '@' ? version : `${sign}${version}` || 'any',
  ];
}

/** `requirements.txt`, `.in`, constraints, and lock files in that form. */
export function parseRequirements(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const requirement = /^[A-Za-z0-9]/.test(line)
      ? parseRequirement(line)
      : undefined;
    if (requirement) {
      found.set(...requirement);
    }
  }
  return found;
}
