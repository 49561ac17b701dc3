// SPDX-License-Identifier: Apache-2.0
import { findingSchema } from '@greenroom/plugin-triage-common';
import { parseReport } from '../parseReport';

function parse(...runs: unknown[]) {
  const content = Buffer.from(
    JSON.stringify({
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs,
    }),
  );
  const result = parseReport({ source: 'report.sarif', content });
  result.findings.forEach(each => findingSchema.parse(each));
  return result;
}

function at(uri: string, startLine?: number, more: object = {}) {
  return {
    physicalLocation: {
      artifactLocation: { uri, ...more },
      ...(startLine ? { region: { startLine, endLine: startLine + 1 } } : {}),
    },
  };
}

function run(name: string, results: unknown[], more: object = {}) {
  return { tool: { driver: { name, rules: [], ...more } }, results };
}

describe('SARIF', () => {
  it('finds the rule of a result by index, id, part and extension', () => {
    const rule = (id: string, level: string) => ({
      id,
      defaultConfiguration: { level },
      helpUri: `https://example.org/${id}`,
    });
    const { findings } = parse({
      tool: {
        driver: {
          name: 'SomeLinter',
          rules: [rule('A1', 'error'), rule('A2', 'note'), { id: 'A3' }],
        },
        extensions: [{ name: 'more', rules: [rule('B1', 'none')] }],
      },
      results: [
        { ruleId: 'A2', ruleIndex: 1, message: { text: 'by both' } },
        { ruleIndex: 0, message: { text: 'by index' } },
        { ruleId: 'A1', message: { text: 'by id' } },
        { ruleId: 'A1/part', message: { text: 'by part' } },
        { ruleId: 'A2', ruleIndex: 0, message: { text: 'id wins' } },
        {
          rule: { index: 0, toolComponent: { index: 0 } },
          message: { text: 'extension' },
        },
        { ruleId: 'A3', message: { text: 'no level' } },
        { ruleId: 'A2', level: 'error', message: { text: 'own level' } },
        { message: { text: 'no rule' } },
      ],
    });
    expect(
      findings.map(each => [each.message, each.rule, each.severity]),
    ).toEqual([
      ['by both', 'A2', 'low'],
      ['by index', 'A1', 'high'],
      ['by id', 'A1', 'high'],
      ['by part', 'A1/part', 'high'],
      ['id wins', 'A2', 'low'],
      ['extension', 'B1', 'info'],
      ['no level', 'A3', 'medium'],
      ['own level', 'A2', 'high'],
      ['no rule', '', 'medium'],
    ]);
    expect(findings[0]).toMatchObject({
      tool: 'sarif',
      kind: 'lint',
      url: 'https://example.org/A2',
      extra: { tool: 'SomeLinter' },
    });
  });

  it("rates by the tool's own word, by score, by level", () => {
    const rated = (driver: string, rule: object, result: object = {}) =>
      parse(
        run(driver, [{ ruleId: 'x', message: { text: 'm' }, ...result }], {
          rules: [{ id: 'x', ...rule }],
        }),
      ).findings[0].severity;
    const score = (value: unknown) => ({
      properties: { 'security-severity': value },
    });
    expect(rated('CodeQL', score('9.8'))).toBe('critical');
    expect(rated('CodeQL', score(7))).toBe('high');
    expect(rated('CodeQL', score('4.0'))).toBe('medium');
    expect(rated('CodeQL', score('0.1'))).toBe('low');
    expect(rated('CodeQL', score('undefined'), { level: 'error' })).toBe(
      'high',
    );
    expect(rated('X', {}, { level: 'error', ...score('2.0') })).toBe('low');
    expect(
      rated('Trivy', {
        properties: {
          'security-severity': '9.8',
          tags: ['security', 'MEDIUM'],
        },
      }),
    ).toBe('medium');
    expect(
      rated(
        'Snyk Open Source',
        { shortDescription: { text: 'Critical severity - RCE in x' } },
        { level: 'error' },
      ),
    ).toBe('critical');
    expect(
      rated(
        'Bandit',
        {},
        { level: 'error', properties: { issue_severity: 'HIGH' } },
      ),
    ).toBe('high');
    expect(rated('X', {}, { kind: 'review', level: 'error' })).toBe('info');
  });

  it('counts results, not locations, passes or what is suppressed or gone', () => {
    const result = (text: string, more: object) => ({
      ruleId: 'r',
      message: { text },
      ...more,
    });
    const { findings, errors } = parse(
      run('CodeQL', [
        result('two places', { locations: [at('a.py', 1), at('b.py', 2)] }),
        result('pass', { kind: 'pass' }),
        result('not applicable', { kind: 'notApplicable' }),
        result('open', { kind: 'open' }),
        result('gone', { baselineState: 'absent' }),
        result('old', { baselineState: 'unchanged' }),
        result('suppressed', { suppressions: [{ kind: 'inSource' }] }),
        result('accepted', { suppressions: [{ status: 'accepted' }] }),
        result('rejected', { suppressions: [{ status: 'rejected' }] }),
        result('under review', { suppressions: [{ status: 'underReview' }] }),
        result('none', { suppressions: [] }),
      ]),
      run('Second', [result('of another run', {})]),
      { tool: { driver: { name: 'Third' } } },
    );
    expect(findings.map(each => each.message)).toEqual([
      'two places',
      'open',
      'old',
      'rejected',
      'under review',
      'none',
      'of another run',
    ]);
    expect(findings[0]).toMatchObject({
      file: 'a.py',
      line: 1,
      endLine: 2,
      extra: { locations: 2 },
    });
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'suppressed',
        message: 'CodeQL: 2 results are suppressed in the report and left out',
      }),
    ]);
  });

  it('resolves places: bases, artifacts, addresses', () => {
    const file = (location: object, more: object = {}) =>
      parse({
        ...run('X', [
          {
            message: { text: 'm' },
            locations: [{ physicalLocation: { artifactLocation: location } }],
          },
        ]),
        originalUriBaseIds: {
          SRC: { uri: 'src/', uriBaseId: 'ROOT' },
          ROOT: { uri: 'file:///home/runner/work/churn/churn/' },
          LOOP: { uri: 'x/', uriBaseId: 'LOOP' },
        },
        ...more,
      }).findings[0].file;
    expect(file({ uri: 'a.py' })).toBe('a.py');
    expect(file({ uri: 'a.py', uriBaseId: 'ROOT' })).toBe('a.py');
    expect(file({ uri: 'a.py', uriBaseId: 'SRC' })).toBe('src/a.py');
    expect(file({ uri: 'a.py', uriBaseId: 'NONE' })).toBe('a.py');
    expect(file({ uri: 'with%20space.py' })).toBe('with space.py');
    expect(file({ uri: '%E0%A4%A' })).toBe('%E0%A4%A');
    expect(file({ uri: 'file:///home/runner/work/churn/churn/src/a.py' })).toBe(
      'src/a.py',
    );
    expect(
      file(
        { index: 1 },
        { artifacts: [{}, { location: { uri: 'c.py', uriBaseId: 'SRC' } }] },
      ),
    ).toBe('src/c.py');
    expect(file({ uri: 'a', uriBaseId: 'LOOP' })).toMatch(/^(?:x\/)+a$/);
    expect(file({})).toBeUndefined();
  });

  it('puts messages together, and knows weaknesses and packages', () => {
    const { findings } = parse(
      run(
        'CodeQL',
        [
          {
            ruleId: 'q',
            message: { id: 'default', arguments: ['cmd', '{1}'] },
            taxa: [{ id: '89', toolComponent: { name: 'CWE' } }],
          },
          {
            ruleId: 'q',
            message: { text: 'see [here](1) and [this](https://x.org/a)' },
          },
        ],
        {
          rules: [
            {
              id: 'q',
              messageStrings: {
                default: { text: 'runs {0} with {1} and {7}' },
              },
              properties: { tags: ['security', 'external/cwe/cwe-078'] },
              relationships: [
                { target: { id: 'CWE-20', toolComponent: { name: 'cwe' } } },
              ],
            },
          ],
        },
      ),
      run('Snyk Open Source', [
        {
          ruleId: 'SNYK-PYTHON-JINJA2-1',
          message: { text: 'vulnerable' },
          locations: [
            {
              ...at('requirements.txt', 1),
              logicalLocations: [{ fullyQualifiedName: 'jinja2@2.7.2' }],
            },
          ],
        },
        { ruleId: 'snyk:lic:pip:x:GPL', message: { text: 'licence' } },
      ]),
      run('SnykCode', [{ ruleId: 'python/Sqli', message: { text: 'sqli' } }]),
      run('Trivy', [
        {
          ruleId: 'CVE-2024-10001',
          message: {
            text: 'Package: zlib\nInstalled Version: 1.2\nVulnerability CVE-2024-10001\nSeverity: HIGH\nFixed Version: 1.3, 2.0\nLink: [CVE-2024-10001](https://x.org)',
          },
        },
      ]),
    );
    expect(findings[0]).toMatchObject({
      kind: 'sast',
      message: 'runs cmd with {1} and {7}',
      identifiers: ['CWE-78', 'CWE-20', 'CWE-89'],
    });
    expect(findings[1].message).toBe('see here and this');
    expect(findings[2]).toMatchObject({
      tool: 'snyk',
      kind: 'sca',
      package: 'jinja2',
      version: '2.7.2',
      file: 'requirements.txt',
    });
    expect(findings.slice(3).map(each => [each.tool, each.kind])).toEqual([
      ['snyk', 'license'],
      ['snyk', 'sast'],
      ['trivy', 'sca'],
    ]);
    expect(findings[5]).toMatchObject({
      package: 'zlib',
      version: '1.2',
      fixedVersion: '1.3',
      identifiers: ['CVE-2024-10001'],
    });
  });

  it('says where a tool failed, and where its results are', () => {
    const note = (level: string, text: string) => ({
      level,
      message: { text },
      locations: [at('src/broken.py')],
    });
    const { errors } = parse(
      {
        ...run('A', []),
        invocations: [
          {
            executionSuccessful: false,
            toolExecutionNotifications: [
              note('error', 'broke'),
              note('note', 'fine'),
            ],
          },
          { executionSuccessful: false },
          { executionSuccessful: true },
        ],
      },
      {
        ...run('B', []),
        externalPropertyFileReferences: {
          results: [{ location: { uri: 'r.json' } }],
        },
      },
    );
    expect(errors.map(each => [each.code, each.message])).toEqual([
      ['tool-error', 'A: broke (src/broken.py)'],
      ['tool-failed', 'A: the tool did not end well'],
      ['external-results', 'B: results are in other files'],
    ]);
  });
});
