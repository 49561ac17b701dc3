// SPDX-License-Identifier: Apache-2.0
import {
  checkFloor,
  describeFinding,
  describeTableProblem,
  getConstantAnswer,
  inspectTable,
  readTable,
  resolveTableChoices,
  suggestMetric,
  TableProfiler,
  toDataSchema,
  type ModelTask,
  type TableChoices,
  type TableProfile,
} from '.';

type Cell = string | number;
type Column = (row: number) => Cell;

const profileOf = (content: string): TableProfile => {
  const profiler = new TableProfiler();
  profiler.write(Buffer.from(content));
  const result = profiler.end();
  if ('problem' in result) {
    throw new Error(describeTableProblem(result.problem));
  }
  return result.profile;
};

// The same at each run: https://en.wikipedia.org/wiki/Linear_congruential_generator
const createRandom = (seed = 1) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

const noise = (seed: number) => {
  const random = createRandom(seed);
  const values = Array.from({ length: 5000 }, random);
  return (row: number) => values[row % values.length];
};

/** A table whose target `y` and column `x` have nothing to do with each other. */
const table = (
  columns: Record<string, Column>,
  options: { rows?: number; y?: Column } = {},
) => {
  const { rows = 300 } = options;
  const [a, b] = [noise(7), noise(11)];
  const all: Record<string, Column> = {
    x: row => a(row).toFixed(7),
    ...columns,
    y: options.y ?? (row => (b(row) < 0.5 ? 'no' : 'yes')),
  };
  const cell = (value: Cell) =>
    /[",]/.test(String(value)) ? JSON.stringify(value) : value;
  return [
    Object.keys(all).join(','),
    ...Array.from({ length: rows }, (_, row) =>
      Object.values(all)
        .map(each => cell(each(row)))
        .join(','),
    ),
  ].join('\n');
};

const inspect = (
  content: string,
  options: { task?: ModelTask; choices?: TableChoices } = {},
) => {
  const { task = 'classification', choices = {} } = options;
  const profile = profileOf(content);
  const question = { target: 'y', task, read: choices.read };
  const findings = inspectTable(profile, question);
  return {
    profile,
    findings,
    codes: findings.map(({ code, column }) =>
      column ? `${code} ${column}` : code,
    ),
    resolved: resolveTableChoices(profile, { target: 'y', findings, choices }),
  };
};

const shuffled = (seed: number, rows = 300) => {
  const random = createRandom(seed);
  const order = Array.from({ length: rows }, (_, row) => row);
  for (let last = rows - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return (row: number) => order[row];
};

const day = (row: number, start = Date.UTC(2019, 0, 1)) =>
  new Date(start + row * 86_400_000).toISOString().slice(0, 10);

const anyOf = (seed: number, count: number) => {
  const random = noise(seed);
  return (row: number) => Math.floor(random(row) * count);
};

describe('a column', () => {
  const order = shuffled(3);
  const any = noise(5);
  const count = anyOf(6, 40);
  const population = noise(8);
  it.each<[string, Record<string, Column>, string[]]>([
    ['that counts the rows', { n: row => row + 1 }, ['index-column n']],
    ['that counted them before', { n: row => order(row) }, ['index-column n']],
    [
      'that counts anew in each part',
      { 'sample no': row => (row % 150) + 1 },
      ['index-column sample no'],
    ],
    [
      'of numbers of customers',
      { customer: row => 10_000 + order(row) * 3 + (row % 2) },
      ['id-column customer'],
    ],
    [
      'that points to other rows',
      {
        id: row => 400 + order(row) * 2,
        mid: row => (row % 3 === 2 ? 400 + order(row - 1) * 2 : 0),
      },
      ['id-column id', 'id-column mid'],
    ],
    ['of names', { name: row => `Miss ${order(row)}` }, ['unique-text name']],
    [
      'of codes with zeros before them',
      { zip: row => String(count(row) * 11 + 1).padStart(5, '0') },
      ['zero-padded-code zip'],
    ],
    [
      'of the author’s own split',
      { train: row => (any(row) < 0.7 ? 'TRUE' : 'FALSE') },
      ['split-column train'],
    ],
    [
      'that is one by its values',
      { part: row => (any(row) < 0.7 ? 'train' : 'test') },
      ['split-column part'],
    ],
    [
      'that is always the same, or empty',
      { country: () => 'US', gone: () => '' },
      ['constant-column country', 'constant-column gone'],
    ],
    // On the other side of each threshold.
    ['of ages', { age: row => 20 + count(row) }, []],
    ['of prices, all different', { price: row => any(row) * 1e6 }, []],
    [
      'of populations, nearly all different',
      { population: row => Math.floor(Math.exp(5 + population(row) * 12)) },
      [],
    ],
    ['of months in order', { month: row => (row % 12) + 1 }, []],
    ['of few codes', { ward: row => `W${count(row)}` }, []],
    ['of numbers of two digits', { hour: row => `0${row % 10}` }, []],
    ['that is the same or missing', { note: row => (row % 2 ? 'x' : '') }, []],
    ['of three kinds', { set: row => ['a', 'b', 'c', 'd'][row % 4] }, []],
  ])('%s', (_, columns, expected) => {
    expect(inspect(table(columns)).codes).toEqual(expected);
  });
});

describe('a split', () => {
  const order = shuffled(3);
  const person = anyOf(12, 60);
  it.each<[string, Record<string, Column>, object, string[]]>([
    [
      'by a date a row',
      { date: row => day(row) },
      { by: 'time', column: 'date' },
      ['time-order date'],
    ],
    [
      'by dates of rows that are in no order',
      { date: row => day(order(row)) },
      { by: 'time', column: 'date' },
      ['time-order date'],
    ],
    [
      'by order, where years are few',
      { Year: row => 2001 + Math.floor(row / 60) },
      { by: 'time' },
      ['time-order Year'],
    ],
    [
      'by years that go back',
      { Year: row => 2012 - Math.floor(row / 60) },
      { by: 'time', column: 'Year' },
      ['time-order Year'],
    ],
    [
      'by quarters',
      { period: row => `${1900 + Math.floor(row / 4)}Q${(row % 4) + 1}` },
      { by: 'time', column: 'period' },
      ['time-order period'],
    ],
    [
      'by a patient, in any order',
      { patient_id: row => `P${person(row)}` },
      { by: 'group', column: 'patient_id' },
      ['repeated-id patient_id'],
    ],
    [
      'by blocks of rows that have no such name',
      { who: row => Math.floor(row / 4) },
      { by: 'group', column: 'who' },
      ['repeated-id who'],
    ],
    [
      'by group, where time starts anew in each',
      {
        firm: row => `F${Math.floor(row / 30)}`,
        date: row => day(row % 30),
      },
      { by: 'group', column: 'firm' },
      ['repeated-id firm', 'time-order date'],
    ],
    // On the other side.
    [
      'not by few dates',
      { seen: row => day(person(row) % 15) },
      { by: 'rows' },
      [],
    ],
    [
      'not by dates of a person, in no order',
      { born: row => day(person(row) * 31) },
      { by: 'rows' },
      [],
    ],
    [
      'not by years in no order',
      { year: row => 2000 + person(row) },
      { by: 'rows' },
      [],
    ],
    ['not by few kinds', { device: row => `D${row % 8}` }, { by: 'rows' }, []],
    [
      'not by numbers that are sorted',
      { size: row => Math.floor(Math.sqrt(row * 20)) },
      { by: 'rows' },
      [],
    ],
  ])('%s', (_, columns, split, codes) => {
    const found = inspect(table(columns));
    expect(found.resolved.split).toEqual(split);
    expect(found.codes).toEqual(codes);
  });
});

describe('a feature that tells the answer', () => {
  const [a, b] = [noise(21), noise(22)];
  const wrong = (each: number, row: number) => Number(row % each === 7);
  const up = (row: number) => a(row) > 0.5;
  const classes = { y: (row: number) => (up(row) ? 'Up' : 'Down') };
  const rare = { y: (row: number) => (a(row) > 0.95 ? 'Up' : 'Down') };
  const number = { y: (row: number) => (a(row) * 100).toFixed(4) };
  it.each<
    [string, Record<string, Column>, { y: Column; task?: ModelTask }, string[]]
  >([
    [
      'with another that is the rest of it',
      {
        casual: row => Math.floor(a(row) * 50),
        member: row => Math.floor(b(row) * 90),
      },
      {
        y: row => Math.floor(a(row) * 50) + Math.floor(b(row) * 90),
        task: 'regression',
      },
      ['casual', 'member'],
    ],
    [
      'by two columns that add up to another',
      {
        casual: row => Math.floor(a(row) * 50),
        member: row => Math.floor(b(row) * 90),
      },
      {
        y: row =>
          Math.floor(a(row) * 50) + Math.floor(b(row) * 90) + (row % 40),
        task: 'regression',
      },
      [],
    ],
    [
      'that only grows as it does',
      { year: row => 1700 + row, index: row => (row * 3 + b(row)).toFixed(3) },
      { y: row => (row * 7 + a(row)).toFixed(3), task: 'regression' },
      [],
    ],
    ['by a threshold', { today: row => a(row) - 0.5 }, classes, ['today']],
    [
      'by its words',
      { alive: row => (up(row) ? 'oui' : 'non') },
      classes,
      ['alive'],
    ],
    [
      'in all rows but one in a hundred',
      { alive: row => Number(up(row)) ^ wrong(100, row) },
      classes,
      ['alive'],
    ],
    [
      'of a rare class',
      { code: row => (a(row) > 0.95 ? 'c1' : 'c2') },
      rare,
      ['code'],
    ],
    [
      'in another unit',
      { cents: row => (a(row) * 1e4 + b(row) * 20).toFixed(2) },
      { ...number, task: 'regression' },
      ['cents'],
    ],
    [
      'by a curve',
      { log: row => Math.log(a(row) + 0.01).toFixed(6) },
      { ...number, task: 'regression' },
      ['log'],
    ],
    // On the other side.
    [
      'in all rows but one in twelve: a good feature',
      { sign: row => Number(up(row)) ^ wrong(12, row) },
      classes,
      [],
    ],
    [
      'no better than the largest class does',
      { code: row => (b(row) > 0.95 ? 'c1' : 'c2') },
      rare,
      [],
    ],
    [
      'with noise of a tenth',
      { about: row => (a(row) * 100 + b(row) * 30).toFixed(2) },
      { ...number, task: 'regression' },
      [],
    ],
    [
      'because every text is there once',
      { name: row => `n${row}` },
      classes,
      [],
    ],
  ])('%s', (_, columns, { y, task }, expected) => {
    const { findings } = inspect(table(columns, { y }), { task });
    expect(
      findings
        .filter(({ code }) => code === 'decides-target')
        .map(({ column }) => column),
    ).toEqual(expected);
  });
});

describe('a target', () => {
  const a = noise(31);
  const rest = (content: string, task?: ModelTask) =>
    inspect(content, { task }).codes;
  it('says when one class has nearly all rows, and what to measure then', () => {
    const content = table({}, { y: row => (a(row) < 0.94 ? 'No' : 'Yes') });
    expect(rest(content)).toEqual(['rare-classes y']);
    const constant = getConstantAnswer(profileOf(content), {
      target: 'y',
      task: 'classification',
    });
    expect(constant?.answer).toBe('No');
    expect(constant?.share).toBeCloseTo(0.94, 1);
    expect(suggestMetric('classification', constant)).toBe('roc_auc');
    const gate = (metric: string, threshold: number) =>
      constant && checkFloor({ metric, threshold }, constant);
    expect(gate('accuracy', 0.9)).toBe('refused');
    expect(gate('accuracy', 0.98)).toBeUndefined();
    expect(gate('f1_macro', 0.4)).toBe('doubtful');
    expect(gate('f1_macro', 0.6)).toBeUndefined();
  });

  it('says nothing when classes are of a size, and holds thresholds against them', () => {
    const content = table({}, { y: row => (a(row) < 0.7 ? 'No' : 'Yes') });
    expect(rest(content)).toEqual([]);
    const constant = getConstantAnswer(profileOf(content), {
      target: 'y',
      task: 'classification',
    });
    expect(suggestMetric('classification', constant)).toBe('accuracy');
    expect(
      constant && checkFloor({ metric: 'accuracy', threshold: 0.6 }, constant),
    ).toBe('doubtful');
  });

  it('has the mean for an answer where it is a number', () => {
    const content = table({}, { y: row => (row % 2 ? 10 : 30) });
    expect(
      getConstantAnswer(profileOf(content), {
        target: 'y',
        task: 'regression',
      }),
    ).toEqual({ answer: '20', metrics: { r2: 0, rmse: 10, mae: 10 } });
  });

  it.each<[string, Column, string[]]>([
    [
      'counts',
      row => Math.floor(-Math.log(1 - a(row)) * 6),
      ['counts-as-classes y', 'small-classes y'],
    ],
    ['digits, which are not counts', row => row % 12, []],
    [
      'a class with four rows',
      row => (row < 4 ? 'c' : ['a', 'b'][row % 2]),
      ['small-classes y'],
    ],
    ['a class with five', row => (row < 5 ? 'c' : ['a', 'b'][row % 2]), []],
  ])('of %s', (_, y, expected) => {
    expect(rest(table({}, { y }))).toEqual(expected);
  });

  it('of few rows is said to be judged by fewer', () => {
    expect(rest(table({}, { rows: 199 }))).toEqual(['few-rows']);
    expect(rest(table({}, { rows: 200 }))).toEqual([]);
  });

  it('of copies says how many', () => {
    const kind = anyOf(33, 3);
    const content = table(
      { x: row => kind(row) },
      { y: row => ['a', 'b'][kind(row + 1) % 2] },
    );
    const [finding] = inspect(content).findings;
    expect(describeFinding(finding)).toBe(
      '294 of 300 rows are exact copies of others. Copies are kept on one side of the split.',
    );
  });
});

describe('cells of two readings', () => {
  const kind = anyOf(41, 30);
  it('are dates that nobody can tell, until somebody does', () => {
    const content = table({
      seen: row => `0${1 + (kind(row) % 9)}/0${1 + (row % 9)}/2024`,
    });
    const { codes, resolved, profile } = inspect(content);
    expect(codes).toEqual(['ambiguous-date seen']);
    expect(resolved.open.map(({ answers }) => answers)).toEqual([
      ['day-first', 'month-first'],
    ]);
    const read = { seen: 'month-first' as const };
    expect(readTable(profile, { read }).columns[1].format).toBe('%m/%d/%Y');
    const answered = inspect(content, { choices: { read } });
    expect(answered.resolved.open).toEqual([]);
    expect(answered.resolved.keep).toEqual({
      seen: 'ambiguous-date: month-first',
    });
    const sure = table({
      seen: row => `${1 + (row % 28)}/0${1 + (row % 9)}/2024`,
    });
    expect(inspect(sure).codes).not.toContain('ambiguous-date seen');
  });

  it('are NA among codes of two letters', () => {
    const codes = ['US', 'NA', 'DE', 'FR', 'ZA', 'BW'];
    const content = table({
      country: row => codes[kind(row) % 6],
      size: row => (row % 9 ? row % 7 : 'NA'),
    });
    const { profile, resolved, findings } = inspect(content);
    expect(findings.map(describeFinding)).toEqual([
      expect.stringMatching(
        /^"country" has "NA" in \d+ rows \(first in row \d+\) among codes such as "\w\w", "\w\w", "\w\w": is it a code/,
      ),
    ]);
    expect(resolved.open).toHaveLength(1);
    const as = (answer: 'value' | 'missing') =>
      toDataSchema(readTable(profile, { read: { country: answer } }), {
        target: 'y',
        source: { file: 'data/x.csv' },
      });
    expect(as('value').columns[1]).toEqual({
      name: 'country',
      type: 'category',
      missing: false,
      values: ['BW', 'DE', 'FR', 'NA', 'US', 'ZA'],
      present: ['NA'],
    });
    // Elsewhere it is missing still.
    expect(as('value').csv.missing).toEqual(['', 'NA']);
    expect(as('missing').columns[1].values).not.toContain('NA');
    const words = table({ size: row => ['Small', 'Large', 'NA'][row % 3] });
    expect(inspect(words).codes).toEqual([]);
  });

  it('are a few words among numbers, which stay numbers', () => {
    const content = table({
      found: row => (row % 20 ? 1700 + ((row * 7) % 200) : 'Ancient'),
    });
    const { findings, profile, resolved } = inspect(content);
    expect(findings.map(describeFinding)).toEqual([
      '"found" holds numbers, but for 15 cells: "Ancient" (row 2 and 14 more). As numbers, these are missing.',
    ]);
    expect(resolved.keep).toEqual({ found: 'unreadable-cells: number' });
    const schema = (read?: TableChoices['read']) =>
      toDataSchema(readTable(profile, { target: 'y', read }), {
        target: 'y',
        source: { file: 'data/x.csv' },
      });
    expect(schema().columns[1]).toEqual({
      name: 'found',
      type: 'number',
      missing: true,
      minimum: 1701,
      maximum: 1899,
      unreadable: ['Ancient'],
    });
    expect(schema().csv.missing).toEqual(['', 'Ancient']);
    const texts = schema({ found: 'text' });
    expect(texts.columns[1]).toEqual({
      name: 'found',
      type: 'text',
      missing: false,
    });
    expect(texts.csv.missing).toEqual(['']);
  });

  it.each<[string, Column, string[]]>([
    [
      'numbers with a remark, which are texts',
      row => `${row + 3} (+${row % 3})`,
      ['unreadable-cells odd'],
    ],
    ['few numbers and more', row => ['0', '1', '2', '3+'][kind(row) % 4], []],
    ['mostly words', row => (kind(row) < 12 ? row : `word ${kind(row)}`), []],
  ])('are %s', (_, odd, expected) => {
    expect(
      inspect(table({ odd })).codes.filter(
        code => !code.startsWith('unique-text'),
      ),
    ).toEqual(expected);
  });

  it('are quoted after padding', () => {
    const content = [
      'name,   country, y',
      ...Array.from(
        { length: 60 },
        (_, row) =>
          `"Bolt, U.",   "${['JAM', 'USA'][row % 2]}",  "${['GOLD', 'SILVER'][(row * 7) % 2]}"`,
      ),
    ].join('\n');
    const { csv, columns } = profileOf(content);
    expect(csv.skipinitialspace).toBe(true);
    expect(columns.map(({ values }) => values)).toEqual([
      ['Bolt, U.'],
      ['JAM', 'USA'],
      ['GOLD', 'SILVER'],
    ]);
    // Where they do not match, they are text as before.
    const speech = `say,y\n${' "Yes" she said,a\nno,b\n'.repeat(30)}`;
    expect(profileOf(speech).columns[0].values).toEqual([
      '"Yes" she said',
      'no',
    ]);
  });
});

it.each([
  ['with a name for each column', 'a b y\n'],
  ['as R writes it', '"a" "b" "y"\n'],
])('a table separated by spaces is named with the remedy, %s', (_, header) => {
  const rows = Array.from({ length: 60 }, (__, row) => `${row}  2.5   x\n`);
  expect(() => profileOf(header + rows.join(''))).toThrow(
    /The 3 columns are separated by spaces\. Save the table with commas/,
  );
});

describe('choices', () => {
  const content = table({ id: row => row + 1, age: row => (row * 7) % 50 });
  const problemsOf = (choices: TableChoices) =>
    inspect(content, { choices }).resolved.problems.map(
      ({ field, message }) => `${field}: ${message}`,
    );

  it('are what the findings propose, unless a person says otherwise', () => {
    expect(inspect(content).resolved).toMatchObject({
      leaveOut: { id: 'counts the rows' },
      keep: {},
      split: { by: 'rows' },
      open: [],
      problems: [],
    });
    expect(
      inspect(content, {
        choices: {
          keep: { id: '' },
          leaveOut: { age: 'not known in time' },
          split: { by: 'time', column: 'id', testSize: 0.2 },
        },
      }).resolved,
    ).toMatchObject({
      leaveOut: { age: 'not known in time' },
      keep: { id: 'kept by its owner' },
      split: { by: 'time', column: 'id', testSize: 0.2 },
      problems: [],
    });
  });

  it('say of a finding that is not followed that it was seen', () => {
    const dated = table({ date: row => day(row) });
    expect(
      inspect(dated, { choices: { split: { by: 'rows' } } }).resolved.keep,
    ).toEqual({ date: 'time-order: split by rows' });
  });

  it.each<[TableChoices, RegExp]>([
    [{ leaveOut: { agee: '' } }, /^data.leaveOut: there is no column "agee"/],
    [{ leaveOut: { y: '' } }, /^data.leaveOut: "y" is the column to predict/],
    [
      { leaveOut: { age: '' }, keep: { age: '' } },
      /^data.keep: "age" is in data.leaveOut too/,
    ],
    [{ leaveOut: { x: '', age: '' } }, /^data.leaveOut: no column is left/],
    [{ read: { age: 'text' } }, /^data.read.age: nothing is doubtful/],
    [{ split: { by: 'group' } }, /^data.split.column: give the column/],
    [{ split: { by: 'time', column: 'y' } }, /^data.split.column: "y" is no/],
    [{ split: { by: 'rows', column: 'id' } }, /^data.split.column: a split by/],
    [
      { split: { by: 'rows', testSize: 0.9 } },
      /^data.split.testSize: give a share from 0.05 to 0.5/,
    ],
  ])('that are none are refused: %j', (choices, expected) => {
    expect(problemsOf(choices)).toEqual([expect.stringMatching(expected)]);
  });
});

it('looks at a table of 7 MB in seconds', () => {
  const any = noise(51);
  const columns = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [
      `c${index}`,
      (row: number) => any((row * 31 + index * 97) % 5000).toFixed(8),
    ]),
  );
  const rows = 32_000;
  const content = table(columns, {
    rows,
    y: row => (any(row % 5000) < 0.5 ? 'a' : 'b'),
  });
  expect(content.length).toBeGreaterThan(7 * 1024 ** 2);
  const before = process.cpuUsage();
  inspect(content);
  const { user, system } = process.cpuUsage(before);
  // What is not linear takes minutes.
  expect((user + system) / 1e6).toBeLessThan(30);
});
