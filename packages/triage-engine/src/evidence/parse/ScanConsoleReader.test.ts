// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findingSchema } from '@greenroom/plugin-triage-common';
import fc from 'fast-check';
import { packagePath } from '../../__testUtils__/packagePath';
import { LogLineDecoder } from '../../logs/lines/LogLineDecoder';
import type { LogLine } from '../../logs/types';
import { ScanConsoleReader } from './ScanConsoleReader';
import type { ParseResult } from './types';

const FIXTURES = packagePath('src/evidence/parse/__fixtures__');

/** As GitHub keeps a log: a time stamp before every line. */
function asLog(text: string): string {
  return text
    .split('\n')
    .map(line => `2026-11-21T15:08:00.9114350Z ${line}`)
    .join('\n');
}

function fixture(path: string): string {
  return readFileSync(join(FIXTURES, path), 'utf8');
}

function read(log: string): ParseResult & { lines: LogLine[] } {
  const reader = new ScanConsoleReader({ source: 'check/4_Lint.txt' });
  const lines: LogLine[] = [];
  const decoder = new LogLineDecoder(line => {
    lines.push(line);
    reader.write(line);
  });
  decoder.write(Buffer.from(log));
  decoder.end();
  return { ...reader.end(), lines };
}

/** Every quote stands in the line that it names. */
function expectProven({ findings, lines }: ReturnType<typeof read>) {
  for (const { evidence, ...finding } of findings) {
    expect(finding).toEqual(findingSchema.parse(finding));
    expect(evidence?.source).toBe('check/4_Lint.txt');
    const text = lines[(evidence?.line ?? 0) - 1]?.text;
    expect(text).toContain(evidence?.quote);
    expect(evidence?.quote).not.toBe('');
  }
}

describe('ScanConsoleReader', () => {
  it.each([
    ['flake8/default.txt', 'flake8', 9],
    ['flake8/pylint.txt', 'flake8', 9],
    ['flake8/source.txt', 'flake8', 9],
    ['flake8/json.txt', 'flake8', 9],
    ['bandit/console.txt', 'bandit', 6],
    ['bandit/json-console.txt', 'bandit', 6],
    ['bandit/run.custom.txt', 'bandit', 6],
    ['bandit/run.sarif.txt', 'bandit', 6],
    ['snyk/remediation.txt', 'snyk', 41],
    ['snyk/legacy.txt', 'snyk', 41],
    ['snyk/docker.txt', 'snyk', 41],
    ['snyk/single_project_many_vulns.json', 'snyk', 41],
    ['gitleaks/run.console.txt', 'gitleaks', 2],
    ['gitleaks/run.json.txt', 'gitleaks', 2],
    ['hadolint/tty.txt', 'hadolint', 8],
    ['hadolint/gnu.txt', 'hadolint', 8],
    ['hadolint/json.txt', 'hadolint', 8],
    ['pip-audit/columns.txt', 'pip-audit', 4],
    ['pip-audit/columns-all.txt', 'pip-audit', 4],
    ['pip-audit/report.json', 'pip-audit', 4],
    ['trivy/alpine-310.table.txt', 'trivy', 4],
    ['trivy/pip.table.txt', 'trivy', 2],
    ['trivy/amazon-2.table.txt', 'trivy', 2],
    ['trivy/ascii.table.txt', 'trivy', 3],
    ['trivy/dockerfile.table.txt', 'trivy', 1],
    ['trivy/secrets.table.txt', 'trivy', 2],
    ['trivy/misconfigurations_and_secrets.json', 'trivy', 5],
  ])('reads %s from the log, with its proof', (path, tool, count) => {
    const result = read(asLog(`make check\n${fixture(path)}\nmake: *** 1\n`));
    expect(result.findings).toHaveLength(count);
    expect(result.findings.every(each => each.tool === tool)).toBe(true);
    expectProven(result);
  });

  it('reads what several tools print into one log, in its order', () => {
    const parts = [
      'flake8/default.txt',
      'bandit/console.txt',
      'hadolint/json.txt',
      'trivy/alpine-310.table.txt',
      'snyk/remediation.txt',
      'pip-audit/columns.txt',
      'gitleaks/run.console.txt',
      'trivy/secrets.table.txt',
    ];
    const gate =
      '##[error]Gate FAILED: f1 0.712 < 0.800 (threshold), 0.088 short; there is no champion yet';
    const log = `${parts.map(fixture).join('\n')}\n${gate}\n${gate}\n`;
    const result = read(asLog(log));
    expect(result.findings.map(each => each.tool).filter(isFirst)).toEqual([
      'flake8',
      'bandit',
      'hadolint',
      'trivy',
      'snyk',
      'pip-audit',
      'gitleaks',
      'gate',
    ]);
    expect(result.findings).toHaveLength(9 + 6 + 8 + 4 + 41 + 4 + 2 + 2 + 1);
    expectProven(result);
    expect(result.errors.map(each => each.code)).toEqual([
      'file-not-scanned',
      'dependencies-skipped',
    ]);
  });

  it('quotes no password and no secret', () => {
    const token = ['ghp', 'a8B3kfP0sQw7Lx2Rt6Vn9Yb4Zc1Jd5Hm0gTe'].join('_');
    const verbose = [
      `Finding:     k="${token}"`,
      `Secret:      ${token}`,
      'RuleID:      github-pat',
      'Entropy:     5.2',
      'File:        s.py',
      'Line:        1',
      '',
      '3:08PM WRN leaks found: 1',
      JSON.stringify([{ RuleID: 'github-pat', Secret: token, File: 'b.py' }]),
      '{',
      '\t"line": "export T=x",',
      `\t"offender": "${token}",`,
      '\t"rule": "Github",',
      '\t"file": ".bashrc"',
      '}',
    ].join('\n');
    const result = read(`${verbose}\n${fixture('bandit/console.txt')}`);
    expect(result.findings.map(each => each.rule).slice(0, 3)).toEqual([
      'github-pat',
      'github-pat',
      'Github',
    ]);
    expect(result.findings).toHaveLength(9);
    const said = JSON.stringify([result.findings, result.errors]);
    expect(said).not.toContain(token.slice(4));
    expect(said).not.toContain('hunter22');
    expectProven(result);
  });

  it("reads Snyk's code, licences, upgrades and what it does not print", () => {
    const { findings, errors } = read(`
Testing /app ...

 ✗ [High] SQL Injection
   Path: src/db.py, line 12
   Info: Unsanitized input flows into execute.

Testing /other...

Tested 12 dependencies for known issues, found 5 issues, 7 vulnerable paths.

Issues to fix by upgrading dependencies:

  Pin jinja2@2.7.2 to jinja2@2.11.3 to fix
  ✗ ReDoS (new) [Medium Severity (originally High)][https://security.snyk.io/vuln/SNYK-PYTHON-JINJA2-1012994] in jinja2@2.7.2
    introduced by jinja2@2.7.2

Issues with no direct upgrade or patch:
  ✗ DoS [Critical Severity][https://security.snyk.io/vuln/SNYK-PYTHON-X-1] in @a/x@1.0
    introduced by @a/x@1.0
  This issue was fixed in versions: 1.2, 2.0

License issues:

  ✗ GPL-3.0 license [High Severity][https://snyk.io/vuln/snyk:lic:pip:y:GPL-3.0] in y@3
    introduced by y@3
`);
    expect(findings).toEqual([
      expect.objectContaining({
        kind: 'sast',
        file: 'src/db.py',
        line: 12,
        severity: 'high',
      }),
      expect.objectContaining({
        kind: 'sca',
        severity: 'medium',
        package: 'jinja2',
        version: '2.7.2',
        fixedVersion: '2.11.3',
        rule: 'SNYK-PYTHON-JINJA2-1012994',
      }),
      expect.objectContaining({
        severity: 'critical',
        package: '@a/x',
        fixedVersion: '1.2',
      }),
      expect.objectContaining({
        kind: 'license',
        severity: 'high',
        package: 'y',
        rule: 'snyk:lic:pip:y:GPL-3.0',
      }),
    ]);
    expect(errors.map(each => each.code)).toEqual(['findings-not-printed']);
  });

  it('takes other output for what it is', () => {
    const { findings, errors } = read(`
============================= test session starts ==============================
src/app.py:12: error: Incompatible types  [arg-type]
src/app.py:1:0: C0114: Missing module docstring (missing-module-docstring)
main.go:3:2: undefined: x
a.c:1:2: error: expected ';'
/usr/lib/x.py:10: DeprecationWarning: [E1] gone
12:30:01: E501 is not what this is
+-- a tree
| Library | Vulnerability |
│   └── x
Name    Version
Total: 3 (HIGH: 3)
{
  "name": "package"
}
[INFO] done
{"level":"info","code":0,"msg":"x"}
[
1, 2
]
--- FAIL: TestX (0.00s)
Finding: none
Gate opened: yes
Tested 3 browsers, found 2
`);
    expect(findings).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('holds a bounded number of findings, and says how many it left out', () => {
    const lines = Array.from(
      { length: 6000 },
      (_, n) => `src/a.py:${n + 1}:1: E501 line too long`,
    );
    const { findings, errors } = read(lines.join('\n'));
    expect(findings).toHaveLength(5000);
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'too-many-findings',
        message: '1000 of 6000 findings are left out',
      }),
    ]);
  });

  it('gets through any line, also hostile ones of 64 Ki', () => {
    const starts = [
      ...[
        '>> Issue: [B101:',
        '   Location: ',
        '   Severity: ',
        '/a:1: B1[bandit]: ',
      ],
      ...[
        'Gate FAILED: ',
        'Gate FAILED: f1 ',
        '; champion ',
        '  ✗ ',
        ' ✗ [High] ',
      ],
      ...[
        '  From: ',
        '  Upgrade ',
        'Tested ',
        'Name   Version   ID   Fix Versions',
        '--- ',
      ],
      ...[
        'Finding:   ',
        'RuleID:      ',
        'leaks found: ',
        'hadolint:',
        'Dockerfile:1 DL3008 ',
      ],
      ...[
        'a.py:1:1: E501 ',
        'a.py:1: [',
        '+--',
        '| ',
        '│ ',
        '┌─',
        '════════════',
        'HIGH: ',
      ],
      ...[
        'AVD-DS-0002 (HIGH): ',
        ' a:',
        'See https://',
        'Total: ',
        '{"',
        '[{"RuleID":',
        '[',
        '{',
      ],
      ...['##[error]', '::error ', ''],
    ];
    const fillers = [
      'a',
      ' ',
      '.',
      '=',
      '1',
      '[',
      ']',
      '(',
      ':',
      'a=',
      '-',
      '│',
      '+',
      '/',
      ' a',
      'a ',
      ' (',
      '; ',
      '[]',
      '{}',
      '" ',
      'a@',
      ' -',
      '::',
      ' | ',
      '✗ ',
    ];
    const reader = new ScanConsoleReader({ source: 's' });
    let number = 0;
    for (const start of starts) {
      for (const filler of fillers) {
        const text = `${start}${filler.repeat(65_536 / filler.length)}`;
        number += 1;
        reader.write({ number, text: text.slice(0, 65_536) });
        reader.write({ number, text: `${start}${filler.repeat(300)}` });
      }
    }
    const { findings } = reader.end();
    findings.forEach(each => findingSchema.parse(each));
    expect(number).toBe(starts.length * fillers.length);

    const part = fc.constantFrom(
      ...starts,
      ...fillers,
      'CVE-2024-1',
      '1.2.3',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string())), parts => {
        const result = read(parts.join(''));
        result.findings.forEach(each => findingSchema.parse(each));
        expect(result.tests).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

function isFirst<T>(value: T, index: number, all: T[]): boolean {
  return all.indexOf(value) === index;
}
