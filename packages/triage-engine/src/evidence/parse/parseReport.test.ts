// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  findingSchema,
  type FindingTool,
  stageErrorSchema,
} from '@greenroom/plugin-triage-common';
import fc from 'fast-check';
import { packagePath } from '../../__testUtils__/packagePath';
import { parseReport } from './parseReport';
import type { ParseResult } from './types';

const FIXTURES = packagePath('src/evidence/parse/__fixtures__');
const TOOLS: FindingTool[] = [
  'bandit',
  'flake8',
  'gate',
  'gitleaks',
  'hadolint',
  'pip-audit',
  'sarif',
  'snyk',
  'trivy',
];

function contentOf(path: string): Buffer {
  return readFileSync(join(FIXTURES, path));
}

function parse(
  content: string | Uint8Array,
  tool?: FindingTool,
  source = 'report',
): ParseResult {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return parseReport({ source, tool, content: bytes });
}

function parseJson(value: unknown, tool?: FindingTool): ParseResult {
  return parse(JSON.stringify(value), tool);
}

/** What the tools' own totals are, in the report or by their console. */
const REPORTS: Array<[path: string, tool: FindingTool, findings: number]> = [
  ['bandit/dd.json', 'bandit', 47],
  ['bandit/one_vuln.json', 'bandit', 1],
  ['bandit/no_vuln.json', 'bandit', 0],
  ['bandit/run.json.txt', 'bandit', 6],
  ['bandit/run.txt.txt', 'bandit', 6],
  ['bandit/run.csv.txt', 'bandit', 6],
  ['bandit/run.custom.txt', 'bandit', 6],
  ['bandit/run.xml.txt', 'bandit', 6],
  ['bandit/run.yaml.txt', 'bandit', 6],
  ['bandit/run.sarif.txt', 'bandit', 6],
  ['bandit/console.txt', 'bandit', 6],
  ['bandit/json-console.txt', 'bandit', 6],
  ['flake8/default.txt', 'flake8', 9],
  ['flake8/pylint.txt', 'flake8', 9],
  ['flake8/source.txt', 'flake8', 9],
  ['flake8/json.txt', 'flake8', 9],
  ['flake8/codeclimate.txt', 'flake8', 9],
  ['flake8/gl-codeclimate.txt', 'flake8', 9],
  ['gitleaks/data_one.json', 'gitleaks', 1],
  ['gitleaks/gitleaks8_many.json', 'gitleaks', 4],
  ['gitleaks/no_findings.json', 'gitleaks', 0],
  ['gitleaks/run.json.txt', 'gitleaks', 2],
  ['gitleaks/run.csv.txt', 'gitleaks', 2],
  ['gitleaks/run.junit.txt', 'gitleaks', 2],
  ['gitleaks/run.sarif', 'gitleaks', 2],
  ['gitleaks/run.console.txt', 'gitleaks', 2],
  ['hadolint/tty.txt', 'hadolint', 8],
  ['hadolint/gnu.txt', 'hadolint', 8],
  ['hadolint/json.txt', 'hadolint', 8],
  ['hadolint/checkstyle.txt', 'hadolint', 8],
  ['hadolint/codeclimate.txt', 'hadolint', 8],
  ['hadolint/codacy.txt', 'hadolint', 8],
  ['hadolint/sonarqube.txt', 'hadolint', 8],
  ['hadolint/sarif.txt', 'hadolint', 8],
  ['pip-audit/report.json', 'pip-audit', 4],
  ['pip-audit/columns.txt', 'pip-audit', 4],
  ['pip-audit/columns-all.txt', 'pip-audit', 4],
  ['pip-audit/markdown.txt', 'pip-audit', 4],
  ['snyk/single_project_many_vulns.json', 'snyk', 41],
  ['snyk/single_project_one_vuln.json', 'snyk', 1],
  ['snyk/single_project_no_vulns.json', 'snyk', 0],
  ['snyk/remediation.txt', 'snyk', 41],
  ['snyk/legacy.txt', 'snyk', 41],
  ['snyk/docker.txt', 'snyk', 41],
  ['trivy/legacy_many_vulns.json', 'trivy', 93],
  ['trivy/legacy_no_vuln.json', 'trivy', 0],
  ['trivy/scheme_2_many_vulns.json', 'trivy', 5],
  ['trivy/scheme_2_no_vuln.json', 'trivy', 0],
  ['trivy/misconfigurations_and_secrets.json', 'trivy', 5],
  ['trivy/dockerfile.json', 'trivy', 1],
  ['trivy/dockerfile.table.txt', 'trivy', 1],
  ['trivy/secrets.json', 'trivy', 2],
  ['trivy/secrets.table.txt', 'trivy', 2],
  ['trivy/alpine-310.sarif', 'trivy', 4],
  ['trivy/alpine-310.table.txt', 'trivy', 4],
  ['trivy/amazon-2.table.txt', 'trivy', 2],
  ['trivy/pip.table.txt', 'trivy', 2],
  ['trivy/ascii.table.txt', 'trivy', 3],
];

/** Everything that a form of a report may leave out. */
function essence(result: ParseResult): string[] {
  return result.findings
    .map(each => [each.rule, each.file, each.line].join(' '))
    .sort();
}

describe('parseReport', () => {
  it.each(REPORTS)('%s of %s has %i findings', (path, tool, count) => {
    const content = contentOf(path);
    const given = parse(content, tool, path);
    const told = parse(content, undefined, path);
    expect(given.findings).toHaveLength(count);
    expect(told).toEqual(given);
    expect(given.findings.every(each => each.tool === tool)).toBe(true);
    for (const each of given.findings) {
      expect(findingSchema.parse(each)).toEqual(each);
      expect(findingSchema.parse(JSON.parse(JSON.stringify(each)))).toEqual(
        each,
      );
      expect(each.rule).not.toBe('');
      expect(each.message).not.toBe('');
    }
    const codes = given.errors.map(each => stageErrorSchema.parse(each).code);
    const known = ['file-not-scanned', 'tool-error', 'dependencies-skipped'];
    expect(codes.filter(code => !known.includes(code))).toEqual([]);
  });

  it('covers every fixture', () => {
    const all = readdirSync(FIXTURES, { withFileTypes: true })
      .filter(each => each.isDirectory() && isOurs(each.name))
      .flatMap(each =>
        readdirSync(join(FIXTURES, each.name)).map(f => `${each.name}/${f}`),
      );
    const read = new Set(REPORTS.map(([path]) => path));
    expect(all.filter(path => !read.has(path))).toEqual([
      'gitleaks/run.quiet.txt',
    ]);
  });

  it.each([
    [
      'bandit',
      'run.json.txt',
      ['txt', 'csv', 'custom', 'xml', 'yaml', 'sarif'],
    ],
  ])('reads the same from every form of %s', (tool, first, others) => {
    const expected = essence(parse(contentOf(`${tool}/${first}`)));
    for (const form of others) {
      const found = parse(contentOf(`${tool}/run.${form}.txt`));
      expect([form, ...essence(found)]).toEqual([form, ...expected]);
    }
  });

  it('reads the same from every form of flake8 and hadolint', () => {
    for (const [tool, first, others] of [
      [
        'flake8',
        'default',
        ['pylint', 'source', 'json', 'codeclimate', 'gl-codeclimate'],
      ],
      [
        'hadolint',
        'json',
        [
          'tty',
          'gnu',
          'checkstyle',
          'codeclimate',
          'codacy',
          'sonarqube',
          'sarif',
        ],
      ],
    ] as const) {
      const expected = essence(parse(contentOf(`${tool}/${first}.txt`)));
      for (const form of others) {
        const found = parse(contentOf(`${tool}/${form}.txt`));
        expect([form, ...essence(found)]).toEqual([form, ...expected]);
      }
    }
  });

  it('says what a finding is, with what the tool knows of it', () => {
    const [bandit] = parse(contentOf('bandit/run.json.txt')).findings.filter(
      each => each.rule === 'B602',
    );
    expect(bandit).toMatchObject({
      tool: 'bandit',
      kind: 'sast',
      severity: 'high',
      file: 'src/bad.py',
      line: 6,
      column: 5,
      identifiers: ['CWE-78'],
      extra: {
        issue_confidence: 'HIGH',
        test_name: 'subprocess_popen_with_shell_equals_true',
      },
    });
    expect(
      parse(contentOf('snyk/single_project_one_vuln.json')).findings[0],
    ).toMatchObject({
      kind: 'sca',
      rule: 'SNYK-JAVA-ORGAPACHESANTUARIO-460281',
      message: 'XML External Entity (XXE) Injection',
      severity: 'medium',
      file: 'pom.xml',
      package: 'org.apache.santuario:xmlsec',
      version: '2.1.1',
      fixedVersion: '2.1.4',
      identifiers: ['CVE-2019-12400', 'CWE-611'],
    });
    const kinds = parse(
      contentOf('trivy/misconfigurations_and_secrets.json'),
    ).findings.map(each => [each.kind, each.rule, each.line]);
    expect(kinds).toEqual([
      ['sca', 'CVE-2021-33503', undefined],
      ['sca', 'CVE-2021-28363', undefined],
      ['misconfiguration', 'DS002', undefined],
      ['secret', 'github-pat', 24],
      ['secret', 'github-pat', 1],
    ]);
    const [row] = parse(contentOf('trivy/alpine-310.table.txt')).findings;
    expect(row).toMatchObject({
      kind: 'container-cve',
      rule: 'CVE-2019-1549',
      severity: 'medium',
      package: 'libcrypto1.1',
      version: '1.1.1c-r0',
      fixedVersion: '1.1.1d-r0',
      message: 'openssl: information disclosure in fork()',
      url: 'https://avd.aquasec.com/nvd/cve-2019-1549',
    });
    const [first, , last] = parse(contentOf('trivy/ascii.table.txt')).findings;
    expect(first).toMatchObject({
      message:
        'expat: large number of colons in input makes parser consume high amount...',
      url: 'https://avd.aquasec.com/nvd/cve-2018-20843',
    });
    expect(last).toMatchObject({
      rule: 'CVE-2019-16168',
      severity: 'medium',
      package: 'sqlite-libs',
      version: '3.26.0-r3',
    });
  });

  it('never keeps a secret that a report holds', () => {
    const secret = ['ghp', 'a8B3kfP0sQw7Lx2Rt6Vn9Yb4Zc1Jd5Hm0gTe'].join('_');
    const leak = {
      RuleID: 'github-pat',
      Description: `Found ${secret}`,
      StartLine: 3,
      Match: `token = "${secret}"`,
      Secret: secret,
      File: 'src/settings.py',
      Message: `put ${secret} in`,
      Link: `https://github.com/o/r/blob/x/settings.py?${secret}`,
      Tags: ['key', secret],
      NewField: `it is ${secret}`,
      Nested: { Secret: secret },
    };
    const old = {
      rule: 'Github',
      offender: secret,
      line: `export TOKEN=${secret}`,
      lineNumber: 7,
      file: '.bashrc',
      commitMessage: `saving ${secret}`,
    };
    const csv = `RuleID,Commit,File,Secret,Match,StartLine\ngithub-pat,,a.py,${secret},"k=""${secret}""",4\n`;
    const sarif = {
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'gitleaks', rules: [{ id: 'github-pat' }] } },
          results: [
            {
              ruleId: 'github-pat',
              message: {
                text: 'github-pat has detected secret for file a.py.',
              },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'a.py' },
                    region: { startLine: 2, snippet: { text: secret } },
                  },
                },
              ],
              partialFingerprints: { commitMessage: secret },
              properties: { match: secret },
            },
          ],
        },
      ],
    };
    const trivy = {
      SchemaVersion: 2,
      Results: [
        {
          Target: 'deploy.sh',
          Class: 'secret',
          Secrets: [
            {
              RuleID: 'github-pat',
              Severity: 'CRITICAL',
              Match: secret,
              Code: { Lines: [{ Content: secret }] },
            },
          ],
        },
      ],
    };
    const bandit = {
      results: [
        {
          test_id: 'B105',
          issue_text: `Possible hardcoded password: '${secret}'`,
          code: secret,
          filename: 'a.py',
          line_number: 1,
        },
      ],
      metrics: {},
    };
    for (const report of [[leak], [old], sarif, trivy, bandit]
      .map(each => JSON.stringify(each))
      .concat(csv)) {
      const { findings, errors } = parse(report);
      expect(findings).toHaveLength(1);
      expect(JSON.stringify([findings, errors])).not.toContain(secret.slice(4));
    }
    expect(parseJson([leak]).findings[0]).toMatchObject({
      rule: 'github-pat',
      file: 'src/settings.py',
      line: 3,
      extra: { Tags: ['key', '[not shown]'] },
    });
  });

  it("reads Snyk's projects, licences, images, groups and failures", () => {
    const issue = {
      id: 'SNYK-PYTHON-JINJA2-1012994',
      title: 'ReDoS',
      severity: 'high',
      severityWithCritical: 'critical',
      packageName: 'jinja2',
      version: '2.7.2',
      from: ['app@1', 'jinja2@2.7.2'],
      fixedIn: ['2.11.3'],
      identifiers: { CVE: ['CVE-2020-28493'], CWE: ['CWE-400'] },
      somethingNew: { deep: [1, { a: null }] },
    };
    const license = { ...issue, id: 'snyk:lic:pip:x:GPL-3.0', type: 'license' };
    const system = {
      ...issue,
      id: 'SNYK-DEBIAN12-ZLIB-6008963',
      packageManager: 'debian:12',
      nearestFixedInVersion: '1:1.2.13',
    };
    const grouped = {
      ...issue,
      from: [['a'], ['b']],
      name: ['jinja2', 'jinja2'],
    };
    const result = parseJson([
      {
        ok: false,
        packageManager: 'pip',
        displayTargetFile: 'requirements.txt',
        uniqueCount: 2,
        vulnerabilities: [
          issue,
          { ...issue, from: ['app@1', 'x', 'jinja2@2.7.2'] },
          license,
        ],
      },
      {
        ok: false,
        docker: {},
        packageManager: 'deb',
        vulnerabilities: [system],
        applications: [{ packageManager: 'npm', vulnerabilities: [grouped] }],
      },
      { ok: false, error: 'Required packages missing', path: '/app/other' },
      { ok: true, vulnerabilities: [], dependencyCount: 4 },
    ]);
    expect(result.findings.map(each => each.kind)).toEqual([
      'sca',
      'sca',
      'license',
      'container-cve',
      'sca',
    ]);
    expect(result.findings[0]).toMatchObject({
      severity: 'critical',
      file: 'requirements.txt',
      fixedVersion: '2.11.3',
      identifiers: ['CVE-2020-28493', 'CWE-400'],
      extra: { somethingNew: { deep: [1, { a: null }] } },
    });
    expect(result.findings[3].fixedVersion).toBe('1:1.2.13');
    expect(result.findings[4].package).toBe('jinja2');
    expect(result.errors).toEqual([
      expect.objectContaining({ code: 'tool-failed', stage: 'snyk' }),
    ]);
    expect(
      parseJson({
        ok: false,
        targetFile: 'deploy.yaml',
        infrastructureAsCodeIssues: [
          {
            id: 'SNYK-CC-K8S-1',
            title: 'Privileged',
            severity: 'high',
            lineNumber: 9,
          },
        ],
      }).findings,
    ).toEqual([
      expect.objectContaining({
        kind: 'misconfiguration',
        file: 'deploy.yaml',
        line: 9,
      }),
    ]);
  });

  it("counts Trivy's findings as Trivy does: failures, not passes", () => {
    const check = {
      ID: 'KSV001',
      Severity: 'MEDIUM',
      Message: 'm',
      CauseMetadata: { StartLine: 4, EndLine: 9 },
    };
    const results = [
      {
        Target: 'deploy.yaml',
        Class: 'config',
        Misconfigurations: [
          { ...check, Status: 'FAIL' },
          { ...check, Status: 'PASS' },
          { ...check, Status: 'EXCEPTION' },
        ],
      },
      {
        Target: 'node_modules',
        Class: 'license',
        Licenses: [
          {
            Severity: 'HIGH',
            Category: 'restricted',
            PkgName: 'x',
            Name: 'GPL-3.0',
            Link: '',
          },
        ],
        Vulnerabilities: null,
      },
      {
        Target: 'Python',
        Class: 'lang-pkgs',
        Type: 'python-pkg',
        Vulnerabilities: [
          {
            VulnerabilityID: 'CVE-2024-1',
            PkgName: 'p',
            FixedVersion: '1.2, 2.0',
            Severity: 'NEW',
          },
        ],
        ExperimentalModifiedFindings: [{ Type: 'vulnerability' }],
      },
    ];
    const fs = parseJson({
      SchemaVersion: 2,
      ArtifactType: 'filesystem',
      Results: results,
    });
    const image = parseJson({
      SchemaVersion: 2,
      ArtifactType: 'container_image',
      Results: results,
    });
    const cluster = parseJson({
      ClusterName: 'kind',
      Resources: [
        {
          Namespace: 'prod',
          Kind: 'Deployment',
          Name: 'churn',
          Results: results,
        },
        { Kind: 'Pod', Name: 'x', Error: 'no image' },
      ],
    });
    expect(
      fs.findings.map(each => [each.kind, each.rule, each.severity]),
    ).toEqual([
      ['misconfiguration', 'KSV001', 'medium'],
      ['license', 'GPL-3.0', 'high'],
      ['sca', 'CVE-2024-1', 'unknown'],
    ]);
    expect(fs.findings[0]).toMatchObject({ line: 4, endLine: 9 });
    expect(fs.findings[2].fixedVersion).toBe('1.2');
    expect(image.findings[2].kind).toBe('container-cve');
    expect(cluster.findings[0].extra).toMatchObject({
      Resource: 'prod/Deployment/churn',
    });
    expect(cluster.errors.map(each => each.code)).toEqual(['tool-failed']);
  });

  it("reads the gate's tags, sentence and summary", () => {
    const tags = {
      'greenroom.gate.metric': 'f1',
      'greenroom.gate.direction': 'maximize',
      'greenroom.gate.threshold': '0.8',
      'greenroom.gate.value': '0.712',
      'greenroom.gate.passed': 'false',
      'greenroom.gate.champion_version': '3',
      'greenroom.gate.champion_value': '0.85',
    };
    const list = Object.entries(tags).map(([key, value]) => ({ key, value }));
    const expected = ['gate-threshold', 'gate-champion'];
    const rulesOf = (value: unknown) =>
      parseJson(value).findings.map(each => each.rule);
    expect(rulesOf(tags)).toEqual(expected);
    expect(rulesOf({ data: { tags: list } })).toEqual(expected);
    expect(rulesOf({ run: { data: { tags: list } } })).toEqual(expected);
    expect(rulesOf({ ...tags, 'greenroom.gate.passed': 'true' })).toEqual([]);
    const judged = parseJson({
      ...tags,
      'greenroom.gate.value': '0.86',
      'greenroom.gate.candidate_value': '0.83',
      'greenroom.gate.failed_checks': 'constant answer,champion,model size',
      'greenroom.gate.reason': 'The model has learnt nothing that f1 shows',
    });
    expect(judged.findings.map(each => [each.rule, each.message])).toEqual([
      ['gate-constant-answer', 'The model has learnt nothing that f1 shows'],
      ['gate-champion', 'f1 0.83 < 0.85 (champion v3)'],
      ['gate-model-size', "The gate's check of the model size failed"],
    ]);

    const sentences: Array<[string, string[]]> = [
      [
        'Gate FAILED: f1 0.712 < 0.800 (threshold), 0.088 short; there is no champion yet',
        ['gate-threshold'],
      ],
      [
        'Gate FAILED: val/rmse 4.200 > 3.500 (threshold), 0.700 too much; champion house-prices v3 has 3.900, 0.300 better',
        ['gate-threshold', 'gate-champion'],
      ],
      [
        'Gate FAILED: roc_auc 0.910 ≥ 0.800 (threshold); champion churn v12 has 0.930, 0.020 better',
        ['gate-champion'],
      ],
      [
        'Gate FAILED: f1 is not a number on the held-out rows',
        ['gate-not-a-number'],
      ],
      [
        "Gate FAILED: f1 0.900 ≥ 0.800 (threshold); there is no champion yet; KServe's server loads scikit-learn==1.7, but the model was made by scikit-learn 1.8: put scikit-learn==1.7 into requirements.in, run `make lock` and train again",
        ['gate-library-versions'],
      ],
      [
        'Gate FAILED: f1 0.790 < 0.800 (threshold), 0.010 short; there is no champion yet; The model has learnt nothing that f1 shows: f1 is 0.79, and 0.78 for the same answer to every row; the difference is no larger than the noise (-0.1 to 0.12); cannot tell: f1 is 0.79 (0.7 to 0.88) on 40 rows; at least 0.8 is asked for',
        ['gate-constant-answer'],
      ],
      [
        'Gate FAILED: f1 0.900 ≥ 0.800 (threshold); there is no champion yet; The model size is 280 MB; gate.max_model_mb is 100: fewer trees would help; The latency is 70 ms a row; gate.max_row_ms is 50',
        ['gate-model-size', 'gate-latency'],
      ],
      [
        'Gate FAILED: f1 0.790 < 0.800 (threshold), 0.010 short; there is no champion yet; cannot tell: f1 is 0.79 (0.7 to 0.88) on 40 rows',
        ['gate-threshold'],
      ],
      ['Gate FAILED: something that a later version says', ['gate']],
      [
        'Gate passed: f1 0.912 ≥ 0.800 (threshold); champion churn v1 was judged on other data and is not compared',
        [],
      ],
    ];
    for (const [sentence, rules] of sentences) {
      for (const form of [
        sentence,
        `### ${sentence}\n\n| | f1 |\n| --- | --- |\n`,
      ]) {
        const { findings, errors } = parse(form, 'gate');
        expect([sentence, ...findings.map(each => each.rule)]).toEqual([
          sentence,
          ...rules,
        ]);
        expect(errors).toEqual([]);
      }
    }
    expect(parse(sentences[1][0]).findings[1].extra).toEqual({
      metric: 'val/rmse',
      value: 4.2,
      threshold: 3.5,
      direction: 'minimize',
      champion: 'house-prices',
      championVersion: '3',
      championValue: 3.9,
    });
  });

  it('tells broken, foreign, empty and unknown reports from clean ones', () => {
    const codes = (content: string, tool?: FindingTool, source?: string) =>
      parse(content, tool, source).errors.map(each => each.code);
    expect(codes('{"results": [', 'bandit')).toEqual(['broken-report']);
    const broken = ['{"Secret": hunter2}', '<a b="hunter2', '{"a": "hunter2'];
    for (const content of broken) {
      const { errors } = parse(content, 'gitleaks');
      expect(errors).toHaveLength(1);
      expect(errors[0].message).not.toContain('hunter2');
    }
    expect(parse('[\n 1,\n 2').errors[0].message).toMatch(
      /^It is broken or cut off at position \d+$/,
    );
    expect(codes('', 'trivy')).toEqual(['empty-report']);
    expect(codes('  \n')).toEqual(['empty-report']);
    expect(codes('', 'flake8')).toEqual([]);
    expect(codes('{"a": 1}')).toEqual(['unknown-report']);
    expect(codes('{"a": 1}', 'snyk')).toEqual(['wrong-report']);
    expect(codes('hello', 'hadolint')).toEqual(['wrong-report']);
    expect(codes('{"SchemaVersion": 2}', 'bandit')).toEqual(['wrong-report']);
    const sarif = contentOf('trivy/alpine-310.sarif').toString();
    expect(codes(sarif, 'bandit')).toEqual(['wrong-report']);
    expect(codes(sarif, 'sarif')).toEqual([]);
    expect(codes('null', 'gitleaks')).toEqual([]);
    expect(codes('[]', undefined, 'reports/hadolint.json')).toEqual([]);
    expect(codes('[]')).toEqual(['unknown-report']);
    expect(
      codes('<checkstyle><file name="a"><error source="DL3006"/>'),
    ).toEqual(['broken-report']);
    expect(
      codes(
        '<!DOCTYPE a [<!ENTITY b "c">]><checkstyle><file><error source="DL3006" message="&b;"/></file></checkstyle>',
      ),
    ).toEqual(['broken-report']);
    expect(codes('filename,test_name,test_id,x\na,b\n')).toEqual([
      'broken-report',
    ]);
    expect(codes('\tNo issues identified.\n', 'bandit')).toEqual([]);
    expect(codes('No known vulnerabilities found\n', 'pip-audit')).toEqual([]);
    expect(parse(contentOf('gitleaks/run.quiet.txt')).errors).toEqual([
      expect.objectContaining({ code: 'findings-not-printed' }),
    ]);
    const utf16 = Buffer.from(
      `\ufeff${contentOf('bandit/one_vuln.json')}`,
      'utf16le',
    );
    expect(parse(utf16).findings).toHaveLength(1);
    const crlf = contentOf('hadolint/tty.txt')
      .toString()
      .replaceAll('\n', '\r\n');
    expect(parse(crlf).findings).toHaveLength(8);
    const noisy = `npm warn something\n${contentOf('hadolint/json.txt')}\nDone in 2s\n`;
    expect(parse(noisy, 'hadolint').findings).toHaveLength(8);
  });

  it('reads shapes of older versions', () => {
    const audit = parseJson([
      {
        name: 'flask',
        version: '0.5',
        vulns: [{ id: 'PYSEC-2019-179', fix_versions: ['1.0', '0.12.3'] }],
      },
      { name: 'six', version: '1.16', vulns: [] },
    ]);
    expect(audit.findings).toEqual([
      expect.objectContaining({
        tool: 'pip-audit',
        message: 'flask 0.5 has PYSEC-2019-179, fixed in 1.0, 0.12.3',
        fixedVersion: '1.0',
        url: 'https://osv.dev/vulnerability/PYSEC-2019-179',
      }),
    ]);
    const bandit = parseJson({
      errors: [{ filename: 'a.py', reason: 'syntax error' }],
      generated_at: '2015-01-01T00:00:00Z',
      results: [
        {
          filename: './b.py',
          issue_severity: 'UNDEFINED',
          line_number: 0,
          test_name: 'exec_used',
          issue_text: 'exec',
        },
      ],
    });
    expect(bandit.findings[0]).toMatchObject({
      rule: 'exec_used',
      file: 'b.py',
      severity: 'unknown',
    });
    expect(bandit.findings[0].line).toBeUndefined();
    expect(bandit.errors[0]).toMatchObject({
      code: 'file-not-scanned',
      message: 'bandit did not scan a.py: syntax error',
    });
    const hadolint = parse('Dockerfile:3 DL3008 Pin versions\n').findings[0];
    expect(hadolint).toMatchObject({
      rule: 'DL3008',
      severity: 'unknown',
      message: 'Pin versions',
    });
    const check = `
Dockerfile (dockerfile)
=======================
Tests: 23 (SUCCESSES: 22, FAILURES: 1, EXCEPTIONS: 0)
Failures: 1 (HIGH: 1, CRITICAL: 0)

HIGH: Specify at least 1 USER command in Dockerfile
══════════════════════════════════════════════════
Running as root.

See https://avd.aquasec.com/misconfig/ds002
──────────────────────────────────────────────────
 Dockerfile:3-4
`;
    expect(parse(check).findings).toEqual([
      expect.objectContaining({
        rule: 'DS002',
        kind: 'misconfiguration',
        severity: 'high',
        file: 'Dockerfile',
        line: 3,
        endLine: 4,
      }),
    ]);
  });

  it('leaves test reports to their reader', () => {
    const junit =
      '<testsuites><testsuite name="pytest" tests="2" failures="1"><testcase classname="tests.test_a" name="test_x"><failure message="assert 1 == 2"/></testcase><testcase classname="tests.test_a" name="test_y"/></testsuite></testsuites>';
    expect(parse('= 1 failed, 2 passed in 0.10s =\n').tests).toHaveLength(1);
    for (const tool of [undefined, 'junit', 'pytest'] as const) {
      const { tests, errors } = parse(junit, tool);
      expect(tests).toEqual([
        expect.objectContaining({ total: 2, failed: 1, passed: 1 }),
      ]);
      expect(errors).toEqual([]);
    }
    const printed = parse(
      'FAILED tests/test_a.py::test_x - assert 1 == 2\n========= 1 failed, 2 passed in 0.10s =========\n',
      'pytest',
    );
    expect(printed.tests).toEqual([
      expect.objectContaining({ framework: 'pytest', failed: 1, passed: 2 }),
    ]);
    expect(parse('nothing', 'pytest').errors[0].code).toBe('wrong-report');
    expect(parse(junit, 'trivy').errors[0].code).toBe('wrong-report');
  });

  it('says that a report is cut off, wherever it is', () => {
    const cut: string[] = [];
    for (const [path, tool] of REPORTS) {
      const content = contentOf(path);
      for (let part = 1; part < 20; part += 1) {
        const end = Math.floor((content.length * part) / 20);
        const result = parse(content.subarray(0, end), tool, path);
        result.findings.forEach(each => findingSchema.parse(each));
        const isText = path.includes('console');
        const isStructured = !isText && /^[[{<]/.test(`${content}`.trimStart());
        if (isStructured && result.errors.length === 0) {
          cut.push(`${path} at ${part}/20`);
        }
      }
    }
    expect(cut).toEqual([]);
  });

  it('takes any bytes and any JSON', () => {
    const json = fc.jsonValue({ maxDepth: 6 });
    const tool = fc.option(fc.constantFrom(...TOOLS), { nil: undefined });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), tool, (bytes, of) => {
        const { errors } = parse(bytes, of);
        expect(errors.map(each => stageErrorSchema.parse(each))).toEqual(
          errors,
        );
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(json, tool, (value, of) => {
        parseJson(value, of).findings.forEach(each =>
          findingSchema.parse(each),
        );
      }),
      { numRuns: 500 },
    );
    // A known shape with any value where a value was.
    const objects = REPORTS.filter(([path]) => /\.json$|\.sarif$/.test(path));
    const mutation = fc.tuple(fc.constantFrom(...objects), fc.nat(), json);
    fc.assert(
      fc.property(mutation, ([[path, of], at, value]) => {
        const report: unknown = JSON.parse(contentOf(path).toString());
        const { findings } = parseJson(replaceAt(report, at, value), of);
        findings.forEach(each => findingSchema.parse(each));
      }),
      { numRuns: 300 },
    );
  });

  it('gets through long reports of anything', () => {
    const starts = [
      '',
      '<',
      '<checkstyle',
      'errors:\n',
      '{"a":1}',
      '[',
      'RuleID,Commit,File,',
    ];
    const fillers = [
      '<?',
      'errors:\n',
      '{',
      '[\n',
      '{"a":1}',
      '{"',
      '"',
      ',',
      '\\"',
      '<a>',
      '&',
      '\r',
      '\0',
      'a',
      '}{',
    ];
    const size = 128 * 1024;
    const big = starts.flatMap(start =>
      fillers.map(filler => start + filler.repeat(size / filler.length)),
    );
    for (const content of big) {
      const { findings, errors } = parse(content);
      expect(findings).toEqual([]);
      // Names of columns alone are a report without findings.
      expect(errors.length).toBe(
        content.startsWith('RuleID') ? errors.length : 1,
      );
    }
    const message = (text: string) => ({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'Trivy' } },
          results: [{ ruleId: 'x', message: { text } }],
        },
      ],
    });
    for (const filler of [
      '[',
      '[a](',
      'a',
      ' ',
      'CVE-',
      '\n',
      'Package: ',
      '{1',
    ]) {
      const text = `Package: a\n${filler.repeat(size / filler.length)}`;
      expect(parseJson(message(text)).findings).toHaveLength(1);
    }
  });

  it('keeps what a hostile report grows to small', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(parse(deep).findings).toEqual([]);
    const wide = {
      results: [
        {
          test_id: 'B101',
          issue_text: 'x'.repeat(1e6),
          filename: `../${'y'.repeat(1e5)}`,
          line_number: 1e300,
          more_info: 'data:text/html,hello',
          ...Object.fromEntries(
            Array.from({ length: 5000 }, (_, n) => [`k${n}`, 'z'.repeat(999)]),
          ),
        },
      ],
      metrics: {},
    };
    const [finding] = parseJson(wide).findings;
    expect(JSON.stringify(finding).length).toBeLessThan(10_000);
    expect(finding.url).toBeUndefined();
    expect(finding.line).toBeUndefined();
    const own =
      '{"results":[{"test_id":"B1","__proto__":{"polluted":1}}],"metrics":{}}';
    expect(parse(own).findings).toHaveLength(1);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

function isOurs(name: string): boolean {
  return TOOLS.some(tool => tool === name);
}

/** The report with its n-th value, counted through, replaced. */
function replaceAt(value: unknown, n: number, by: unknown): unknown {
  const total = countOf(value);
  let left = n % total;
  const visit = (each: unknown): unknown => {
    left -= 1;
    if (left < 0 && left > -2) {
      return by;
    }
    if (Array.isArray(each)) {
      return each.map(visit);
    }
    return typeof each === 'object' && each !== null
      ? Object.fromEntries(Object.entries(each).map(([k, v]) => [k, visit(v)]))
      : each;
  };
  return visit(value);
}

function countOf(value: unknown): number {
  return typeof value === 'object' && value !== null
    ? 1 +
        Object.values(value).reduce(
          (sum: number, each) => sum + countOf(each),
          0,
        )
    : 1;
}
