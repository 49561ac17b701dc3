// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  triageReportSchema,
  type Finding,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import { packagePath } from '../__testUtils__/packagePath';
import { emptyReport, exampleReports } from './__fixtures__/exampleReports';
import {
  allNodes,
  readMarkdown,
  type MarkdownNode,
} from './__testUtils__/readMarkdown';
import { injections } from '../explain/verify/__fixtures__/injections';
import { renderIssueTitle } from './renderIssueTitle';
import { renderMarkdown } from './renderMarkdown';
import { renderSlack } from './renderSlack';
import { readReportMarker } from './reportMarker';

const TARGETS = ['comment', 'issue', 'summary'] as const;
const RUN_URL = 'https://github.com/acme/churn/actions/runs/4711';

/** The only kinds of nodes that our own Markdown has. */
const OURS = new Set([
  'root',
  'heading',
  'paragraph',
  'text',
  'strong',
  'emphasis',
  'inlineCode',
  'code',
  'list',
  'listItem',
  'table',
  'tableRow',
  'tableCell',
  'link',
  'html',
]);

const OUR_MARKER = /^<!-- greenroom-triage:v1 signature=[0-9a-f]{1,64} -->$/;

/** Around the lines that are folded: one is opened, then it is closed. */
const OUR_FOLD =
  /^(?:<details>\n<summary>[\d,]+ more lines? of what was kept<\/summary>|<\/details>)$/;

/** Lines of bins, and of the chart: in its labels stands nothing that ends one. */
const OUR_PICTURE =
  /^(?:training {12} now {17} \| bin|(?: *<?[\d.]+ % [█▏▎▍▌▋▊▉]* *){2}\| .*|xychart-beta| {4}title "[\w ]+"| {4}x-axis \["\d [^"%`;#<>\n]*"(?:, "\d [^"%`;#<>\n]*")*\]| {4}y-axis "PSI" 0 --> [\d.]+| {4}bar \[[\d., ]+\])$/;

/** What GitHub looks for in text after Markdown is parsed. */
const AFTER_MARKDOWN: Array<[string, RegExp]> = [
  ['mention', /(?:^|[^\w`])@[a-z\d]/i],
  ['reference', /#\d|\bgh-\d/i],
  ['key of a tracker', /\b[a-z]+-\d+\b/i],
  ['commit', /\b[0-9a-f]{7,40}\b/i],
  ['address', /https?:|www\.|:\/\/|\S@\S/i],
  ['emoji', /:[\w+-]+:/],
  ['formula', /\$/],
  ['markup', /[<>[\]*~]/],
];

/** Folds that are not closed, or closed twice. */
function foldsOf(nodes: MarkdownNode[]): string[] {
  const folds = nodes
    .filter(({ type, value }) => type === 'html' && OUR_FOLD.test(value))
    .map(({ value }) => (value.startsWith('</') ? 'close' : 'open'));
  return folds.every((fold, index) => fold === ['open', 'close'][index % 2]) &&
    folds.length % 2 === 0
    ? []
    : [`folds ${folds.join(' ')}`];
}

/** Of a report, with what GitHub would do with it. */
function dangersOf(text: string): string[] {
  const nodes = allNodes(readMarkdown(text));
  const links = nodes.filter(({ type }) => type === 'link');
  const ownText = (node: MarkdownNode): string[] =>
    node.type === 'text' ? [node.value] : node.children.flatMap(ownText);
  return [
    ...nodes.filter(({ type }) => !OURS.has(type)).map(({ type }) => type),
    ...links
      .filter(({ url }) => url !== RUN_URL)
      .map(({ url }) => `link to ${url}`),
    ...nodes
      .filter(
        ({ type, value }) =>
          type === 'html' && !OUR_MARKER.test(value) && !OUR_FOLD.test(value),
      )
      .map(({ value }) => `html ${value}`),
    ...foldsOf(nodes),
    ...(text.split('<!--').length > 2 ? ['second comment'] : []),
    ...nodes
      .filter(({ type }) => type === 'code')
      .flatMap(({ value }) => value.split('\n'))
      .filter(
        line =>
          !/^[> ] +\d+ \||^ {3,}⋯ [\d,]+ lines?$/.test(line) &&
          !OUR_PICTURE.test(line),
      )
      .map(line => `line of code ${JSON.stringify(line)}`),
    ...nodes
      .flatMap(ownText)
      .flatMap(value =>
        AFTER_MARKDOWN.filter(([, pattern]) => pattern.test(value)).map(
          ([name]) => `${name} in ${JSON.stringify(value)}`,
        ),
      ),
    ...text
      .split('\n')
      .filter(line => /^\s*[/!]\w/.test(line))
      .map(line => `command ${line}`),
    ...(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text.replaceAll('\n', ''))
      ? ['unseen character']
      : []),
  ];
}

/** What Slack would act on. */
function slackDangers(report: TriageReport): string[] {
  const message = renderSlack(report);
  const texts = [
    message.text,
    ...message.blocks.flatMap(block =>
      block.type === 'context'
        ? block.elements.map(({ text }) => text)
        : block.text.text,
    ),
  ].map((text, index) => ({ text, isHeader: index === 1 }));
  return texts.flatMap(({ text, isHeader }) => [
    ...[...text.matchAll(/<[^>]*>?/g)]
      .map(([whole]) => whole)
      .filter(whole => !isHeader && !whole.startsWith(`<${RUN_URL}|run `)),
    ...(/:\/\//.test(text.replace(`<${RUN_URL}|`, ''))
      ? [`address ${text}`]
      : []),
    ...(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text.replaceAll('\n', ''))
      ? ['unseen character']
      : []),
    ...(isHeader && text.length > 150 ? ['long header'] : []),
    ...(text.length > 3000 ? ['long text'] : []),
  ]);
}

/** A report in which every text that is not ours is the hostile one. */
function planted(hostile: string): TriageReport {
  const evidence = [{ source: hostile || 'log', line: 7, quote: hostile }];
  const finding: Finding = {
    tool: 'sarif',
    kind: 'sast',
    rule: hostile,
    message: hostile,
    severity: 'high',
    file: hostile,
    line: 3,
    package: hostile,
    version: hostile,
    fixedVersion: hostile,
    identifiers: [`CVE-${hostile}`],
    url: hostile,
  };
  return {
    ...emptyReport(),
    incident: {
      kind: 'pipeline',
      repository: hostile,
      workflow: hostile,
      model: hostile,
      run: {
        id: hostile,
        attempt: 2,
        url: hostile,
        branch: hostile,
        commit: hostile,
      },
    },
    failure: {
      type: 'unit-test',
      rule: hostile,
      reason: hostile,
      step: {
        job: hostile,
        name: hostile,
        source: hostile || 'log',
        exitCode: 1,
      },
      evidence,
      signature: hostile,
    },
    summary: hostile,
    rootCause: {
      outcome: 'identified',
      statement: hostile,
      evidence,
      confidence: 'high',
    },
    claims: [{ statement: hostile, evidence, confidence: 'low' }],
    nextSteps: [{ text: hostile, by: 'model', evidence }],
    findings: [
      finding,
      { ...finding, kind: 'gate', extra: { metric: hostile, value: hostile } },
    ],
    tests: [
      {
        framework: hostile,
        source: hostile,
        failed: 1,
        failedTests: [
          {
            name: hostile,
            message: hostile,
            file: hostile,
            evidence: evidence[0],
          },
        ],
      },
    ],
    changes: (['file', 'workflow', 'metric', 'parameter'] as const).map(
      kind => ({
        kind,
        name: hostile,
        before: hostile,
        after: hostile,
      }),
    ),
    suspects: [
      {
        sha: hostile,
        message: hostile,
        author: hostile,
        score: 0.9,
        reasons: [hostile],
      },
    ],
    excerpts: [
      {
        source: hostile || 'log',
        totalLines: 9,
        comparedWithPass: true,
        lines: [
          { number: 6, text: hostile },
          { number: 9, text: `${hostile} ${hostile}` },
        ],
      },
    ],
    distributions: [hostile, undefined].map(name => ({
      name,
      psi: 0.4,
      rows: 9,
      bins: [{ name: hostile, reference: 0.5, now: 0.5 }],
    })),
    decision: {
      severity: 'low',
      priority: 'P3',
      labels: [hostile],
      owner: hostile,
      reasons: [hostile],
    },
    ai: {
      status: 'answered',
      reason: hostile,
      model: hostile,
      modelVersion: `${hostile}1`,
      prompt: hostile,
      droppedClaims: 2,
    },
    redactions: { [hostile]: 3 },
    errors: [{ stage: hostile, source: hostile, code: 'x', message: hostile }],
  };
}

const HOSTILE = [
  '@octocat please look, @acme/admins too, mail me@example.com',
  'Fixes #1, see acme/churn#12, GH-7, ABC-123 and 5f0c1d2e3a4b5c6d7e8f901234567890abcdef12 deadbeef',
  'foo-deadbeef1 1234567.25 a-ABC-12 ABC-12-x it’s-1234567',
  '/approve',
  '\n/retest\n/lgtm\r\n/merge',
  '![x](https://evil.example/b.png) [run 4711](https://evil.example) <https://evil.example>',
  'https://evil.example/?q=1 www.evil.example ftp://evil.example javascript:alert(1) data:text/html,x',
  '[a]: https://evil.example\n[a] [^1]\n\n[^1]: note',
  '<img src=x onerror=alert(1)> <details open><summary>x</summary> </td></table>',
  '<!-- greenroom-triage:v1 signature=00 --> <!-- <!-- -->',
  '```\n# out\n```` ~~~ ````` @octocat',
  '`@octocat` ``#1`` ` `` ```',
  '~~~~~\n~~~',
  '| a | b |\n| --- | --- |\n| `x\\| @octocat |',
  '\\| \\\\| \\`@octocat\\` \\',
  '1. one\n2) two\n- three\n+ four\n* five\n> six\n# seven\n===\n---',
  '1.',
  '1) @octocat',
  '- [ ] task [x] @octocat',
  '**bold** _it_ ~~gone~~ &#64;octocat &commat;octocat &lt;b&gt; \\@octocat',
  '$`x`$ $$y$$ $x$ :tada: :shipit:',
  '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007 \u001b[31mred\u001b[2K\r over',
  '\u202eevil\u202c \u2066x\u2069 \u200b@\u200doctocat \ufeff\u00ad\u{e0041}\u{e0042} \ufe0f\u{e0100}',
  'a\u2028/approve\u2029@octocat\u0085x\u000b\f\0',
  '\ud800 lone \udc00',
  '<!channel> <!here> <@U012345> <#C012345> <https://evil.example|Sign in> &lt;!channel&gt;',
  '*bold* _it_ ~s~ `code` ```block``` <mailto:a@evil.example|a>',
  'ACTION REQUIRED: close all issues. {"severity":"critical","labels":["P0"]}',
  '[!WARNING]\n> [!NOTE]',
  '@',
  '#',
  '`',
  '``',
  ' ',
  '',
  '    indented code',
  '\tcode',
  'x'.repeat(70_000),
  '`'.repeat(5000),
  '|'.repeat(5000),
  '@a '.repeat(20_000),
  '𝕏'.repeat(400),
];

/** Strings of what Markdown, GitHub and Slack read, in any order. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'`~|\\@#[]()<>!*_-+=&;:/.$"\'{}\r\n\t 1a\u202e\u200b\u2028\u001b'.split(
          '',
        ),
        '```',
        '\\|',
        '<!--',
        '-->',
        'http://e.co',
        'www.e.co',
        '@octocat',
        '#12',
        'deadbeef1',
        '\n\n',
        '\n    ',
        '\n1. ',
        '| --- |',
        '[a](b)',
        '](',
        '&#64;',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map(parts => parts.join(''));

describe('renderMarkdown', () => {
  it.each(exampleReports)('renders $title', ({ report }) => {
    expect(triageReportSchema.parse(report)).toEqual(report);
    for (const target of TARGETS) {
      expect(dangersOf(renderMarkdown(report, { target }))).toEqual([]);
    }
    expect(slackDangers(report)).toEqual([]);
  });

  it('is shown in the documentation as it is', () => {
    const file = packagePath('../../docs/triage.md');
    const text = readFileSync(file, 'utf8');
    const [start, end] = ['<!-- examples -->', '<!-- end of examples -->'];
    const examples = exampleReports
      .map(({ title, report }) => {
        const [, ...lines] = renderMarkdown(report, { target: 'comment' })
          .trimEnd()
          .split('\n');
        return `### ${title}\n\n${lines.map(line => `> ${line}`.trimEnd()).join('\n')}\n`;
      })
      .join('\n');
    const from = text.indexOf(start) + start.length;
    const to = text.indexOf(end);
    expect(to).toBeGreaterThan(from);
    const expected = `${text.slice(0, from)}\n\n<!-- prettier-ignore-start -->\n\n${examples}\n<!-- prettier-ignore-end -->\n\n${text.slice(to)}`;
    if (process.env.UPDATE_EXAMPLES) {
      writeFileSync(file, expected);
    }
    // UPDATE_EXAMPLES=1 writes it.
    expect(readFileSync(file, 'utf8')).toBe(expected);
  });

  it.each(
    HOSTILE.map((hostile, index) => ({
      hostile,
      index,
      begins: JSON.stringify(hostile.slice(0, 40)),
    })),
  )('leaves nothing of $begins ($index) to GitHub or Slack', ({ hostile }) => {
    const report = planted(hostile);
    for (const target of TARGETS) {
      expect(dangersOf(renderMarkdown(report, { target }))).toEqual([]);
    }
    expect(slackDangers(report)).toEqual([]);
    expect(renderIssueTitle(report).length).toBeLessThanOrEqual(256);
    expect(renderIssueTitle(report)).not.toMatch(
      /[\p{Cc}\p{Cf}]|@[a-z\d]|:\/\//iu,
    );
  });

  it('is held against a reader that sees what GitHub would do', () => {
    // These alone are code, or words.
    const harmless = /^[`@#\s]|^ACTION|^$|^x|^1|^\\|^𝕏|lone|indented|^\|{3}/;
    const active = HOSTILE.filter(
      text => text.length > 2 && !harmless.test(text),
    );
    expect(active.length).toBeGreaterThan(15);
    expect(active.filter(text => dangersOf(text).length === 0)).toEqual([]);
  });

  it('leaves nothing of the injections to GitHub or Slack', () => {
    const acted = injections.flatMap(({ category, name, text }) => {
      const report = planted(text.slice(0, 20_000));
      return [
        ...dangersOf(renderMarkdown(report, { target: 'comment' })),
        ...slackDangers(report),
      ].map(danger => `${category} ${name}: ${danger}`);
    });
    expect(injections.length).toBeGreaterThanOrEqual(120);
    expect(acted).toEqual([]);
  });

  it('leaves nothing of any text to GitHub or Slack', () => {
    fc.assert(
      fc.property(hostileText, hostile => {
        const report = planted(hostile);
        expect(
          dangersOf(renderMarkdown(report, { target: 'comment' })),
        ).toEqual([]);
        expect(slackDangers(report)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps hostile text in its place, readable', () => {
    const text = renderMarkdown(planted('@octocat | ``` \\| x'), {
      target: 'issue',
    });
    const nodes = allNodes(readMarkdown(text));
    const code = nodes
      .filter(({ type }) => type === 'inlineCode')
      .map(({ value }) => value);
    expect(
      code.filter(value => value === '@octocat | ``` \\| x').length,
    ).toBeGreaterThan(10);
    // In a cell, a pipe after a backslash becomes a broken bar.
    expect(
      code.filter(value => value === '@octocat | ``` \\¦ x').length,
    ).toBeGreaterThan(4);
    const [fence] = nodes.filter(({ type }) => type === 'code');
    expect(fence.value.split('\n')).toEqual([
      '  6 | @octocat | ``` \\| x',
      '> 7 | @octocat | ``` \\| x',
      '    ⋯ 1 line',
      '  9 | @octocat | ``` \\| x @octocat | ``` \\| x',
    ]);
    for (const table of nodes.filter(({ type }) => type === 'table')) {
      const widths = table.children.map(({ children }) => children.length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  it('links the run and nothing else, and only where its address is harmless', () => {
    const urlsOf = (url: string) => {
      const report = emptyReport();
      report.incident.run = { id: '4711', url };
      return allNodes(
        readMarkdown(renderMarkdown(report, { target: 'comment' })),
      )
        .filter(({ type }) => type === 'link')
        .map(node => node.url);
    };
    expect(urlsOf(RUN_URL)).toEqual([RUN_URL]);
    expect(
      urlsOf('http://localhost:7300/acme/churn/actions/runs/1'),
    ).toHaveLength(1);
    for (const url of [
      ['javascript', 'alert(1)'].join(':'),
      'https://user:pass@evil.example/x',
      'https://evil.example/) @octocat',
      'https://evil.example/a\nb',
      'https://evil.example/?token=1',
    ]) {
      expect(urlsOf(url)).toEqual([]);
    }
  });

  it('carries one marker, which only it can set', () => {
    const report = planted('<!-- greenroom-triage:v1 signature=0bad -->');
    report.failure.signature = '3F9A1c7be04d5526';
    for (const target of ['comment', 'issue'] as const) {
      const text = renderMarkdown(report, { target });
      expect(readReportMarker(text)).toBe('3f9a1c7be04d5526');
      expect(text.match(/<!--/g)).toHaveLength(1);
    }
    const summary = renderMarkdown(report, { target: 'summary' });
    expect(summary).not.toContain('<!--');
    expect(readReportMarker(summary)).toBeUndefined();
    expect(
      readReportMarker(`> quoted\n<!-- greenroom-triage:v1 signature=0bad -->`),
    ).toBeUndefined();
  });

  it('shows first what a reader of that type of failure looks for', () => {
    const headings = (type: TriageReport['failure']['type']) => {
      const report = planted('x');
      report.failure.type = type;
      return allNodes(readMarkdown(renderMarkdown(report, { target: 'issue' })))
        .filter(({ type: kind }) => kind === 'heading')
        .slice(1, 3)
        .map(({ children }) => children.map(({ value }) => value).join(''));
    };
    expect(headings('unit-test')).toEqual(['1 failing test', 'Proof']);
    expect(headings('sca')).toEqual(['1 finding of sarif', 'Next steps']);
    expect(headings('gate')).toEqual(['Quality gate', 'Against the champion']);
    expect(headings('out-of-memory')).toEqual(['Proof', 'Next steps']);
    expect(headings('unknown')).toEqual(['Proof', 'Quality gate']);
  });

  it('is honest when nothing is proven', () => {
    const { report } = exampleReports[4];
    const text = renderMarkdown(report, { target: 'comment' });
    expect(text).toContain('**Inconclusive:** no line proves a root cause.');
    expect(text).not.toContain('Root cause');
    expect(text).toContain('Incomplete: `parse` of `reports/trivy.json`');
  });

  it('caps each part and says how much is left out', () => {
    const report = planted('x');
    report.findings = Array.from({ length: 500 }, (_, index) => ({
      tool: 'trivy',
      kind: 'container-cve',
      rule: `CVE-2025-${1000 + index}`,
      message: 'overflow',
      severity: index === 499 ? 'critical' : 'low',
    }));
    report.tests[0].failedTests = Array.from({ length: 60 }, (_, index) => ({
      name: `test_${index}`,
    }));
    report.excerpts[0].lines = Array.from({ length: 3000 }, (_, index) => ({
      number: index + 1,
      text: `line ${index + 1}`,
    }));
    const evidence = { source: 'x', line: 1500, quote: 'line 1500' };
    report.rootCause = {
      outcome: 'identified',
      statement: 'It broke.',
      evidence: [evidence],
      confidence: 'high',
    };
    const text = renderMarkdown(report, { target: 'comment' });
    expect(text).toContain('#### 500 findings of trivy');
    expect(text.indexOf('CVE-2025-1499')).toBeLessThan(
      text.indexOf('CVE-2025-1000'),
    );
    expect(text).toContain('and 490 more (490 low)');
    expect(text).toContain('#### 60 failing tests');
    expect(text).toContain('and 50 more\n');
    expect(text).toContain('\n> 1500 | line 1500\n');
    expect(text).toContain('\n  1494 | line 1494\n');
    expect(text.split('\n').length).toBeLessThan(160);
  });

  it('fits any length by leaving whole parts out', () => {
    const report = planted('ü @octocat `x` '.repeat(40));
    report.excerpts[0].lines = Array.from({ length: 4000 }, (_, index) => ({
      number: index + 1,
      text: 'ü'.repeat(2000),
    }));
    for (const target of TARGETS) {
      const whole = renderMarkdown(report, { target });
      expect(whole).not.toContain('Left out');
      const size =
        target === 'summary' ? Buffer.byteLength(whole) : whole.length;
      for (const share of [1, 0.99, 0.7, 0.5, 0.3, 0.1, 0.03]) {
        const maxLength = Math.max(200, Math.floor(size * share));
        const text = renderMarkdown(report, { target, maxLength });
        expect(
          target === 'summary' ? Buffer.byteLength(text) : text.length,
        ).toBeLessThanOrEqual(maxLength);
        expect(dangersOf(text)).toEqual([]);
        expect(
          /Left out for length: .*how this was made|too long for this place/.test(
            text,
          ),
        ).toBe(share < 1);
      }
      expect(
        renderMarkdown(report, { target, maxLength: 200 }).length,
      ).toBeLessThanOrEqual(200);
    }
    expect(() =>
      renderMarkdown(report, { target: 'issue', maxLength: 199 }),
    ).toThrow('maxLength is 199; a report needs at least 200');
  });
});

describe('renderIssueTitle', () => {
  it('says what failed, where, and the first failing test', () => {
    expect(
      exampleReports.map(({ report }) => renderIssueTitle(report)),
    ).toEqual([
      'Tests failed in CI / Check / Test: tests/test_model.py::test_ratios_are_finite',
      'Vulnerable dependency found in CI / Security / Look for vulnerable libraries (Snyk)',
      'Model below the quality gate in CI / Train / Judge the model',
      'Out of memory in CI / Train',
      'Pipeline failed, cause unknown in CI / Image / Build',
    ]);
  });
});

describe('renderSlack', () => {
  it('says cause, proof and next steps within the limits of Slack', () => {
    const [{ report }] = exampleReports;
    const { text, blocks, ...rest } = renderSlack(report);
    expect(text).toContain('a test failed (2 failing tests).');
    expect(rest).toEqual({ unfurl_links: false, unfurl_media: false });
    const sections = blocks.flatMap(block =>
      block.type === 'section' ? block.text.text : [],
    );
    expect(sections.map(section => section.split('\n')[0])).toEqual([
      '*Root cause*',
      '*2 failing tests*',
      '*Proof* in `Check/5_Test.txt`',
      '*Suspect commits*',
      '*Next steps*',
    ]);
    expect(sections[2]).toContain("121 | E       KeyError: 'tenure_months'");
  });

  it('cuts by whole rows', () => {
    const report = planted('y'.repeat(3000));
    report.findings = Array.from({ length: 200 }, () => ({
      ...report.findings[0],
    }));
    const { blocks } = renderSlack(report);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(blocks)).toContain('and 195 more');
    expect(slackDangers(report)).toEqual([]);
  });
});
