// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  findingSchema,
  stageErrorSchema,
  testSummarySchema,
} from '@greenroom/plugin-triage-common';
import fc from 'fast-check';
import { z } from 'zod';
import { packagePath } from '../../../__testUtils__/packagePath';
import { parseJunit } from './parseJunit';

const FIXTURES = packagePath('src/evidence/parse/junit/__fixtures__');
const REPORTS = readdirSync(FIXTURES).filter(name => name.endsWith('.xml'));

const resultSchema = z.strictObject({
  findings: z.array(findingSchema),
  tests: z.array(testSummarySchema),
  errors: z.array(stageErrorSchema),
});

const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (text: string) =>
  parseJunit({ source: 'report.xml', content: bytes(text) });

describe('parseJunit', () => {
  it.each(REPORTS)('reads %s as it was written by its tool', name => {
    const content = readFileSync(path.join(FIXTURES, name));
    const expected: unknown = JSON.parse(
      readFileSync(path.join(FIXTURES, name.replace('.xml', '.json')), 'utf8'),
    );
    const result = parseJunit({ source: name, content });
    expect(JSON.parse(JSON.stringify(result))).toEqual(expected);
    resultSchema.parse(result);
  });

  it('counts nested suites once, whatever the outer ones say', () => {
    const suite = (inner: string) => `<testsuites>
      <testsuite name="all" tests="3" failures="1">${inner}</testsuite>
    </testsuites>`;
    const inner = `
      <testsuite name="a" tests="2" failures="1">
        <testcase classname="a" name="one"/>
        <testcase classname="a" name="two"><failure message="no"/></testcase>
      </testsuite>
      <testsuite name="b" tests="1"><testcase classname="b" name="three"/></testsuite>`;
    expect(parse(suite(inner)).tests[0]).toMatchObject({
      total: 3,
      passed: 2,
      failed: 1,
      failedTests: [{ name: 'a.two', message: 'no' }],
    });
    // Some writers list the tests that failed and count the others only.
    const short = `<testsuite tests="9" failures="1" skipped="2">
      <testcase name="two"><failure>why</failure></testcase></testsuite>`;
    expect(parse(short).tests[0]).toMatchObject({
      total: 9,
      passed: 6,
      failed: 1,
      skipped: 2,
    });
  });

  it('tells reruns: what failed each time, and what passed in the end', () => {
    const { tests, findings } =
      parse(`<testsuite name="s" tests="2" failures="1">
      <testcase classname="org.example.ATest" name="shaky" time="0.1">
        <flakyFailure message="first try" type="java.lang.AssertionError">
          <stackTrace>at org.example.ATest.shaky(ATest.java:7)</stackTrace>
        </flakyFailure>
      </testcase>
      <testcase classname="org.example.ATest" name="broken">
        <failure message="1st" type="java.lang.AssertionError">at org.example.ATest.broken(ATest.java:9)</failure>
        <rerunFailure message="2nd"/>
        <system-out>failure? no</system-out>
      </testcase>
    </testsuite>`);
    expect(tests).toMatchObject([
      {
        total: 2,
        passed: 1,
        failed: 1,
        failedTests: [{ name: 'org.example.ATest.broken', line: 9 }],
      },
    ]);
    expect(findings).toMatchObject([
      { rule: 'org.example.ATest.broken', message: '1st', severity: 'unknown' },
      {
        rule: 'org.example.ATest.shaky',
        message: 'first try',
        severity: 'info',
        extra: { flaky: true },
      },
    ]);
  });

  it('gives what was read of a file that breaks off, and says so', () => {
    const whole = `<testsuite name="s" tests="3" failures="2">
      <testcase name="a"><failure message="first"/></testcase>
      <testcase name="b"><failure message="second">trace`;
    const { tests, errors } = parse(whole);
    expect(tests[0].failedTests.map(test => test.name)).toEqual(['a', 'b']);
    expect(errors).toMatchObject([
      { stage: 'junit', source: 'report.xml', code: 'broken-report' },
    ]);
    expect(parse('').errors).toMatchObject([{ code: 'broken-report' }]);
    expect(parse('{"a": 1}')).toMatchObject({
      tests: [],
      errors: [{ code: 'broken-report' }],
    });
    expect(parse('<html><body/></html>').errors).toMatchObject([
      {
        code: 'broken-report',
        message: expect.stringContaining('<testsuite>'),
      },
    ]);
  });

  it('reads no document type and knows no entity but the five of XML', () => {
    const { tests, findings, errors } = parse(`<?xml version="1.0"?>
      <!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
      <testsuite><testcase name="&lt;one&gt;"><failure message="&b; &x;"/></testcase></testsuite>`);
    expect(JSON.stringify({ tests, findings })).not.toMatch(/aaaa|root:/);
    expect(tests[0].failedTests[0].name).toBe('<one>');
    expect(errors.map(error => error.code)).toEqual([
      'doctype-ignored',
      'broken-report',
    ]);
  });

  it('reads other encodings, and depth and number without end', () => {
    const text =
      '<?xml version="1.0" encoding="ISO-8859-1"?><testsuite><testcase name="\u00fcber"><failure/></testcase></testsuite>';
    const latin = parseJunit({
      source: 'latin.xml',
      content: Uint8Array.from(text, char => char.charCodeAt(0)),
    });
    expect(latin.tests[0].failedTests[0].name).toBe('\u00fcber');
    const wide = new Uint8Array(
      Buffer.from(`\ufeff${text.replace(/<\?.*\?>/, '')}`, 'utf16le'),
    );
    expect(
      parseJunit({ source: 'wide.xml', content: wide }).tests[0].failed,
    ).toBe(1);

    const deep = parse('<testsuite>'.repeat(20_000));
    expect(deep.errors).toMatchObject([{ code: 'broken-report' }]);
    const many = parse(
      `<testsuite>${'<testcase name="t"><failure/></testcase>'.repeat(5000)}</testsuite>`,
    );
    expect(many.tests[0]).toMatchObject({ total: 5000, failed: 5000 });
    expect(many.tests[0].failedTests).toHaveLength(2000);
    expect(many.errors).toMatchObject([
      {
        code: 'too-many-failed-tests',
        message: expect.stringContaining('3000 more'),
      },
    ]);
  });

  it('never fails on any bytes, nor on any cut of a report', () => {
    const report = readFileSync(path.join(FIXTURES, 'surefire-reruns.xml'));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc
            .nat(report.length)
            .map(length => new Uint8Array(report.subarray(0, length))),
          fc
            .tuple(fc.nat(report.length - 1), fc.integer({ min: 0, max: 255 }))
            .map(([at, value]) => {
              const copy = new Uint8Array(report);
              copy[at] = value;
              return copy;
            }),
        ),
        content => {
          const result = parseJunit({ source: 'any', content });
          expect(resultSchema.safeParse(result).error).toBeUndefined();
        },
      ),
      { numRuns: 150 },
    );
  });
});
