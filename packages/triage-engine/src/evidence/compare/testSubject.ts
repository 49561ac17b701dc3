// SPDX-License-Identifier: Apache-2.0
const TEST_NAMES = [
  /^test_([\w-]{1,100})\.py$/,
  /^([\w-]{1,100})_test\.(?:py|go|rb|exs|dart)$/,
  /^([\w.-]{1,100})\.(?:test|spec|cy|e2e)\.[cm]?[jt]sx?$/,
  /^(\w{1,100}?)(?:Tests?|TestCase|ITCase|IT|Spec)\.(?:java|kt|scala|groovy|cs|php|swift)$/,
  /^Test(\w{1,100})\.(?:java|kt)$/,
  /^([\w-]{1,100})_spec\.rb$/,
];

/**
 * The name, without its ending, of what a test tests by the custom of its
 * language: `data` of `tests/test_data.py`. Undefined of what is no test.
 */
export function testSubject(path: string): string | undefined {
  const base = path.slice(path.lastIndexOf('/') + 1).slice(0, 200);
  return TEST_NAMES.map(name => name.exec(base)?.[1]).find(
    subject => subject !== undefined,
  );
}
