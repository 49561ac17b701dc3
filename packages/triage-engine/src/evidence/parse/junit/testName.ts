// SPDX-License-Identifier: Apache-2.0

/**
 * What to call a test of a JUnit report. Java, Python and Go give a class or
 * package and a name; the writers for JavaScript often repeat the one in the
 * other, or give a file for a class.
 */
export function testName(attributes: Record<string, string>): string {
  const name = attributes.name?.trim() || '(unnamed)';
  const className = attributes.classname?.trim() ?? '';
  // Node's own runner says `test` for every class.
  if (className === '' || className === 'test' || name.includes(className)) {
    return name;
  }
  if (className.includes(name) && className.includes(' ')) {
    return className;
  }
  if (/\.[cm]?[jt]sx?$/.test(className)) {
    return `${className} > ${name}`;
  }
  return className.includes(' ')
    ? `${className} ${name}`
    : `${className}.${name}`;
}
