// SPDX-License-Identifier: Apache-2.0
import type { Finding, TestSummary } from '@greenroom/plugin-triage-common';
import { SaxesParser } from 'saxes';
import { createFinding } from '../shared/createFinding';
import { stageError } from '../shared/stageError';
import type { ReportFile } from '../../../logs/types';
import type { ParseResult } from '../types';
import { decodeXml } from './decodeXml';
import { JUnitBuilder, type JUnitTestCase } from './JUnitBuilder';

const PIECE = 64 * 1024;
const MAX_DEPTH = 200;
/** Of failed tests that are kept by name; the counts are of all. */
const MAX_FAILED = 2000;

/**
 * Reads a report in JUnit's XML, as Ant's task began it and Surefire, Gradle,
 * pytest, jest-junit, gotestsum, GoogleTest, CTest and many others write it:
 * suites in suites or a suite alone.
 *
 * A document type is not read, so no entity but XML's own five is known. A file
 * that breaks off gives what was read up to there, and an error. A test that
 * passed when it was run again (`flakyFailure`) is a finding that says so, not a
 * failed test. Format: https://github.com/testmoapp/junitxml, and Surefire's
 * `surefire-test-report.xsd`.
 */
export function parseJunit(file: ReportFile): ParseResult {
  const errors: ParseResult['errors'] = [];
  const builder = new JUnitBuilder();
  const broken = (code: string, message: string) => {
    if (errors.length < 5) {
      errors.push(stageError('junit', code, message, file.source));
    }
  };
  read(decodeXml(file.content), builder, broken);
  if (!builder.isReport) {
    if (errors.length === 0) {
      broken('broken-report', 'There is no <testsuite> or <testsuites> in it.');
    }
    return { findings: [], tests: [], errors };
  }
  const failing = builder.failing.slice(0, MAX_FAILED);
  if (builder.failing.length > MAX_FAILED || builder.left > 0) {
    const left = builder.failing.length - failing.length + builder.left;
    broken(
      'too-many-failed-tests',
      `Only the first ${MAX_FAILED} failed tests are kept; ${left} more are left out.`,
    );
  }
  const summary: TestSummary = {
    framework: 'junit',
    source: file.source,
    ...builder.counts(),
    failedTests: failing.map(test => ({
      name: test.name,
      message: test.message,
      file: test.file,
      line: test.line,
    })),
  };
  return {
    findings: [...failing, ...builder.flaky].map(toFinding),
    tests: [summary],
    errors,
  };
}

function read(
  text: string,
  builder: JUnitBuilder,
  broken: (code: string, message: string) => void,
): void {
  const parser = new SaxesParser();
  let depth = 0;
  let failed: string | undefined;
  parser.on('error', error => {
    failed ??= error.message;
  });
  parser.on('doctype', () => {
    broken(
      'doctype-ignored',
      'It has a document type declaration, which is not read.',
    );
  });
  parser.on('opentag', tag => {
    depth += 1;
    if (depth <= MAX_DEPTH) {
      builder.open(tag.name, tag.attributes);
    }
  });
  parser.on('closetag', tag => {
    if (depth <= MAX_DEPTH) {
      builder.close(tag.name);
    }
    depth -= 1;
  });
  parser.on('text', said => builder.text(said));
  parser.on('cdata', said => builder.text(said));
  try {
    for (let at = 0; at < text.length; at += PIECE) {
      parser.write(text.slice(at, at + PIECE));
    }
    parser.close();
  } catch (error) {
    failed ??= error instanceof Error ? error.message : String(error);
  }
  builder.end();
  if (failed !== undefined) {
    broken('broken-report', `Not well-formed XML: ${failed.slice(0, 300)}`);
  }
}

function toFinding(test: JUnitTestCase): Finding {
  return createFinding({
    tool: 'junit',
    kind: 'test',
    rule: test.name,
    message: test.message ?? '',
    severity: test.flaky ? 'info' : 'unknown',
    file: test.file,
    line: test.line,
    extra: test.extra,
  });
}
