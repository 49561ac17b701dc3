// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import {
  checkTarget,
  describeTableProblem,
  suggestTask,
  TableProfiler,
  toDataSchema,
  type ColumnSchema,
  type CsvDialect,
  type ModelTask,
  type TableProfile,
} from '.';
import { TABLE_FIXTURES } from './__testUtils__/tableFixtures';

const FIXTURES = path.resolve(
  __dirname,
  '../../../templates/model-service/tests/fixtures/csv',
);

const profile = (bytes: Uint8Array, chunkLength = bytes.length) => {
  const profiler = new TableProfiler();
  for (let start = 0; start < bytes.length; start += chunkLength) {
    if (profiler.write(bytes.subarray(start, start + chunkLength))) {
      break;
    }
  }
  return profiler.end();
};

const read = (content: string | Uint8Array, chunkLength?: number) => {
  const result = profile(Buffer.from(content), chunkLength);
  if ('problem' in result) {
    throw new Error(describeTableProblem(result.problem));
  }
  return result.profile;
};

// Linear code takes a fraction of a second, what backtracks takes minutes: far from both, on any machine.
const SOON = 15;

const cpuSeconds = (step: () => void): number => {
  const before = process.cpuUsage();
  step();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

const schemaOf = (table: TableProfile) =>
  toDataSchema(table, { target: 'y', source: { file: 'data/x.csv' } });

/** A table of 60 rows: each column by its name and its cells, repeated. */
const table = (
  columns: Record<string, string[] | ((row: number) => string)>,
  options: { delimiter?: string; newline?: string; rows?: number } = {},
) => {
  const { delimiter = ',', newline = '\n', rows = 60 } = options;
  const cells = Object.values(columns);
  return [
    Object.keys(columns),
    ...Array.from({ length: rows }, (_, row) =>
      cells.map(column =>
        typeof column === 'function'
          ? column(row)
          : column[row % column.length],
      ),
    ),
  ]
    .map(row => row.join(delimiter))
    .join(newline);
};

/** The schema of a column with these cells, in a table with another one. */
const column = (
  cells: string[] | ((row: number) => string),
  options: { delimiter?: string; other?: string[] } = {},
) => {
  const { csv, columns } = schemaOf(
    read(
      table(
        { x: cells, other: options.other ?? ['a', 'b'] },
        { delimiter: options.delimiter },
      ),
    ),
  );
  const { name, ...facts } = columns[0];
  return { ...facts, csv };
};

// What the generated repository is tested with. After a change that is meant:
// GREENROOM_UPDATE_FIXTURES=1 writes them anew.
describe('a table as a whole', () => {
  it.each(TABLE_FIXTURES)(
    'has given the repository the schema of $name',
    ({ name, bytes, target }) => {
      const schema = toDataSchema(read(bytes), {
        target,
        source: { file: `data/${name}.csv` },
      });
      const file = path.join(FIXTURES, name);
      const content = `${JSON.stringify(schema, null, 2)}\n`;
      if (process.env.GREENROOM_UPDATE_FIXTURES) {
        fs.mkdirSync(FIXTURES, { recursive: true });
        fs.writeFileSync(`${file}.csv`, bytes);
        fs.writeFileSync(`${file}.schema.json`, content);
      }
      expect(fs.readFileSync(`${file}.csv`).equals(bytes)).toBe(true);
      expect(fs.readFileSync(`${file}.schema.json`, 'utf8')).toBe(content);
      for (const chunkLength of [1, 7, 100]) {
        expect(read(bytes, chunkLength)).toEqual(read(bytes));
      }
      const task = suggestTask(read(bytes), target);
      expect(checkTarget(read(bytes), target, task)).toBeUndefined();
    },
  );

  const plain = table({ größe: ['1', '2'], y: ['a', 'b'] });
  it.each<[string, Uint8Array, Partial<CsvDialect>]>([
    ['UTF-8', Buffer.from(plain), { encoding: 'utf-8' }],
    ['UTF-8, marked', Buffer.from(`\uFEFF${plain}`), { encoding: 'utf-8' }],
    [
      'UTF-16, little-endian',
      Buffer.from(`\uFEFF${plain}`, 'utf16le'),
      { encoding: 'utf-16' },
    ],
    [
      'UTF-16, big-endian',
      Buffer.from(`\uFEFF${plain}`, 'utf16le').swap16(),
      { encoding: 'utf-16' },
    ],
    ['Windows-1252', Buffer.from(plain, 'latin1'), { encoding: 'cp1252' }],
    [
      'carriage returns',
      Buffer.from(plain.replaceAll('\n', '\r')),
      { encoding: 'utf-8' },
    ],
    [
      'a pipe as delimiter',
      Buffer.from(plain.replaceAll(',', '|')),
      { delimiter: '|' },
    ],
  ])('is read in %s', (_, bytes, csv) => {
    for (const chunkLength of [1, 3, undefined]) {
      const found = read(bytes, chunkLength);
      expect(found.csv).toMatchObject(csv);
      expect(found.columns.map(({ name }) => name)).toEqual(['größe', 'y']);
      expect(found.rows).toBe(60);
    }
  });

  it('finds a first umlaut far behind the header', () => {
    const late = table({
      x: row => (row === 59 ? 'Köln' : 'Bonn'),
      y: ['a'.repeat(5000), 'b'],
    });
    expect(read(Buffer.from(late, 'latin1')).csv.encoding).toBe('cp1252');
    expect(read(Buffer.from(late)).csv.encoding).toBe('utf-8');
  });

  it('knows a semicolon from the commas in cells and headers', () => {
    const text = table(
      {
        '"Name, first"': row => `"Doe, ${row}"`,
        'price, net': ['1,5', '2,25'],
        y: ['a', 'b'],
      },
      { delimiter: ';' },
    );
    expect(schemaOf(read(text))).toMatchObject({
      csv: { delimiter: ';', decimal: ',' },
      columns: [
        { name: 'Name, first', type: 'text' },
        { name: 'price, net', type: 'number', minimum: 1.5, maximum: 2.25 },
        { name: 'y', type: 'category' },
      ],
    });
  });

  it('passes over the index of a data frame and empty columns at the end', () => {
    const text = table({
      '': row => `${row}`,
      a: ['1', '2'],
      y: ['u', 'v'],
      ' ': [''],
    });
    expect(read(text).columns.map(({ name }) => name)).toEqual(['a', 'y']);
  });

  it('counts rows as a spreadsheet does, and no blank ones', () => {
    const text = `\n\n${table({ x: ['1', ''], y: ['"a\nb"', 'c'] })}\n,\n\n`;
    expect(read(text)).toMatchObject({
      rows: 60,
      columns: [{ blanks: 30 }, { values: ['a\nb', 'c'] }],
    });
  });

  it('keeps little of a table of long and different texts', () => {
    const profiler = new TableProfiler();
    const names = Array.from({ length: 1000 }, (_, index) => `c${index}`);
    profiler.write(Buffer.from(`${names.join(',')}\n`));
    for (let row = 0; row < 120; row++) {
      profiler.write(
        Buffer.from(
          `${names.map(name => `${name} ${row} ${'x'.repeat(150)}`).join(',')}\n`,
        ),
      );
    }
    const result = profiler.end();
    expect(result).toMatchObject({ profile: { rows: 120 } });
    const types = new Set(
      'profile' in result ? result.profile.columns.map(({ type }) => type) : [],
    );
    expect([...types]).toEqual(['text']);
  });
});

describe('a column', () => {
  it.each<[string, string[], Partial<ColumnSchema>]>([
    ['integers', ['1', '-2', '+3'], { type: 'number', minimum: -2 }],
    ['0 and 1', ['0', '1'], { type: 'number' }],
    ['decimals', ['1.5', '.25', '3.', '1e-3'], { type: 'number' }],
    ['spaces around', [' 1.5 ', '2'], { type: 'number', maximum: 2 }],
    ['a cell of spaces', ['1', '  '], { type: 'number', missing: true }],
    ['yes and no', ['Yes', 'no', 'NO'], { true: ['Yes'], false: ['NO', 'no'] }],
    ['true and false', ['True', 'False'], { type: 'boolean' }],
    ['t and f', ['t', 'f'], { type: 'boolean' }],
    ['y, n and nothing', ['Y', 'N', ''], { type: 'boolean', missing: true }],
    ['ja and nein', ['Ja', 'Nein'], { true: ['Ja'], false: ['Nein'] }],
    ['oui and non', ['oui', 'non'], { type: 'boolean' }],
    ['sí and no', ['sí', 'no'], { type: 'boolean' }],
    ['yes alone', ['yes', ''], { type: 'boolean', true: ['yes'], false: [] }],
    ['n alone', ['n', ''], { type: 'category', values: ['n'] }],
    ['m and f', ['m', 'f'], { type: 'category', values: ['f', 'm'] }],
    ['yes and perhaps', ['yes', 'perhaps'], { type: 'category' }],
    ['ISO dates', ['2024-02-29', '1999-12-31'], { format: '%Y-%m-%d' }],
    [
      'ISO times',
      ['2024-02-29T23:59:59.123Z', '2024-01-01T00:00:00.000Z'],
      { format: '%Y-%m-%dT%H:%M:%S.%f%z' },
    ],
    ['SQL times', ['2024-02-29 23:59'], { format: '%Y-%m-%d %H:%M' }],
    ['days first', ['31/12/2024', '1/2/2024'], { format: '%d/%m/%Y' }],
    ['months first', ['12/31/2024', '1/2/2024'], { format: '%m/%d/%Y' }],
    ['days or months first', ['1/2/2024', '3/4/2024'], { format: '%d/%m/%Y' }],
    ['both', ['13/1/2024', '1/13/2024'], { type: 'category' }],
    ['short years', ['31.12.99', '01.01.24'], { format: '%d.%m.%y' }],
    ['American times', ['12/31/24 11:59 PM'], { format: '%m/%d/%y %I:%M %p' }],
    ['short months', ['31-Dec-2024', '1-May-2024'], { format: '%d-%b-%Y' }],
    ['long months', ['December 31 2024', 'May 1 2024'], { format: '%B %d %Y' }],
    ['a 31 April', ['2024-04-30', '2024-04-31'], { type: 'category' }],
    ['the end of time', ['9999-12-31', '2024-01-01'], { type: 'category' }],
    ['versions', ['1.2.3', '1.10.0'], { type: 'category' }],
    ['nothing', [''], { type: 'number', missing: true }],
    ['NA', ['NA', 'NaN', 'null', '?', '7'], { type: 'number', missing: true }],
    ['a dash among numbers', ['-', '7'], { type: 'number', missing: true }],
    ['a dash among words', ['-', '+'], { values: ['+', '-'], missing: false }],
    ['infinity', ['inf', '1.5'], { type: 'number', missing: true }],
    ['a word among numbers', ['low', '7'], { values: ['7', 'low'] }],
    [
      'a quoted delimiter',
      ['"a,b"', '"c ""d"""'],
      { values: ['a,b', 'c "d"'] },
    ],
  ])('of %s', (_, cells, expected) => {
    expect(column(cells)).toMatchObject(expected);
  });

  it.each<[string, string[], string, Partial<CsvDialect>, number]>([
    [
      '1.234,5',
      ['1.234,5', '0,5'],
      ';',
      { decimal: ',', thousands: '.' },
      1234.5,
    ],
    [
      '1,234.5',
      ['"1,234.5"', '0.5'],
      ',',
      { decimal: '.', thousands: ',' },
      1234.5,
    ],
    [
      '1,234',
      ['"1,234"', '"5,678"'],
      ',',
      { decimal: '.', thousands: ',' },
      5678,
    ],
    ['1,234', ['1,234', '5,678'], ';', { decimal: ',' }, 5.678],
    ['1.234', ['1.234', '5.678'], ';', { decimal: '.' }, 5.678],
    ["1'234.5", ["1'234.5", '7'], ';', { thousands: "'" }, 1234.5],
    ['1 234,5', ['1\u202f234,5', '7'], ';', { thousands: '\u202f' }, 1234.5],
    ['1 234', ['1 234', '7'], '\t', { thousands: ' ' }, 1234],
  ])('of numbers like %s', (_, cells, delimiter, csv, maximum) => {
    const found = column(cells, { delimiter });
    expect(found.csv).toMatchObject(csv);
    expect(found).toMatchObject({ type: 'number', maximum });
  });

  it('takes a dash for missing where another column shows that it is', () => {
    const found = read(table({ n: ['1', '-'], w: ['-', 'good', 'bad'] }));
    expect(found.csv.missing).toEqual(['', '-']);
    expect(found.columns[1]).toMatchObject({
      values: ['bad', 'good'],
      missing: true,
    });
  });

  it('is a category up to 50 different values, and text above', () => {
    expect(column(row => `v${row % 50}`).values).toHaveLength(50);
    expect(column(row => `v${row % 51}`)).toMatchObject({ type: 'text' });
    expect(column(['x'.repeat(300)])).toMatchObject({ type: 'text' });
  });

  it('lists values in one order, whatever that of the rows', () => {
    expect(column(['b', 'ä', 'a', 'B']).values).toEqual(['B', 'a', 'b', 'ä']);
  });
});

describe('no table', () => {
  const y = ['a', 'b'];
  it.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /file is empty/],
    ['blank lines', ' \n\n', /file is empty/],
    ['an image', Buffer.from('89504e470d0a1a0a0000000d', 'hex'), /not text/],
    [
      'UTF-16 without a mark',
      Buffer.from(table({ x: y, y }), 'utf16le'),
      /not text.*byte order mark/,
    ],
    [
      'two encodings',
      Buffer.concat([
        Buffer.from(`größe,y\n1,ü\n`),
        Buffer.from('2,ü\n', 'latin1'),
      ]),
      /neither UTF-8 nor Windows-1252: see row 3/,
    ],
    [
      'bytes that no encoding has',
      Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0x81, 0x2c, 0x31]),
      /neither UTF-8 nor/,
    ],
    ['a sign-in page', '\n<!DOCTYPE html><html>', /web page.*sign in/],
    ['an XML file', '<?xml version="1.0"?><a/>', /web page/],
    ['JSON', '[{"a": 1}, {"a": 2}]', /This is JSON/],
    ['JSON lines', '{"a": 1}\n{"a": 2}\n', /This is JSON/],
    [
      'an Excel file',
      Buffer.from('PK\u0003\u0004\u0014\u0000\u0006\u0000[Content_Types].xml'),
      /spreadsheet program/,
    ],
    [
      'an old Excel file',
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      /spreadsheet/,
    ],
    ['a ZIP', Buffer.from('PK\u0003\u0004data.csv'), /archive/],
    ['a gzip file', Buffer.from('1f8b0800', 'hex'), /archive/],
    ['a PDF', '%PDF-1.7\n', /PDF/],
    ['a Parquet file', 'PAR1\u0015\u0004', /Parquet/],
    ['one column', table({ a: y }), /at least two columns/],
    ['one column beside an index', table({ '': y, a: y }), /at least two/],
    ['a line for Excel', `sep=;\n${table({ x: y, y })}`, /first row says/],
    ['numbers as header', table({ 1: y, 2: y }), /first row holds numbers/],
    [
      'a nameless column',
      table({ x: y, '': row => (row > 4 ? '1' : ''), y }),
      /Column 2 has no name, and holds a value in row 7/,
    ],
    [
      'a name twice',
      `a,b,a\n${table({ x: y, y, z: y })}`,
      /Columns 1 and 3 are both named "a"/,
    ],
    ['a name of two lines', table({ '"a\nb"': y, y }), /name of column 1/],
    ['a name that turns text around', table({ 'a\u202eb': y, y }), /column 1/],
    ['a long name', table({ ['x'.repeat(101)]: y, y }), /more than 100/],
    [
      '1001 columns',
      Array.from({ length: 1001 }, (_, index) => `c${index}`).join(','),
      /1001 columns; it may have 1000/,
    ],
    [
      'a short row',
      table({ x: y, z: y, y })
        .replace(/(?<=\n)a,a,a\n(?!.*\n)/, '')
        .concat('\na,b\n'),
      /Row 61 has 2 cells where the header has 3: it ends before column "y"/,
    ],
    [
      'a long row',
      `${table({ x: y, y })}\n"1,5",a,b c`,
      /Row 62 has 3 cells where the header has 2: "b c" belongs to no column/,
    ],
    [
      'an open quote',
      `${table({ x: y, y })}\n"a,b\n`,
      /Row 62 has a quotation/,
    ],
    [
      'an open quote in a large file',
      `${table({ x: y, y })}\n"a,b\n${'1,2\n'.repeat(300_000)}`,
      /Row 62 has a quotation mark/,
    ],
    [
      'a stray quote',
      `x,y\n"a"b",1\n${table({ x: y, y })}`,
      /Row 2 has a quot/,
    ],
    [
      'one endless line',
      `x,y\n${'1,'.repeat(600_000)}`,
      /Row 2 has more than 1000000 characters/,
    ],
    [
      '49 rows',
      table({ x: y, y }, { rows: 49 }),
      /49 rows; it needs at least 50/,
    ],
  ])('%s', (_, content, message) => {
    for (const chunkLength of [undefined, 1000]) {
      const result = profile(Buffer.from(content), chunkLength);
      expect(
        'problem' in result ? describeTableProblem(result.problem) : result,
      ).toMatch(message);
    }
  });
});

describe('a target', () => {
  const data = read(
    table(
      {
        price: row => `${row * 1000}`,
        rooms: ['1', '2', '3'],
        code: ['1', '1.0'],
        sold: ['yes', 'no'],
        id: row => `A${row}`,
        many: row => `v${row % 110}`,
        always: ['7'],
        empty: row => (row < 49 ? `${row % 2}` : ''),
        some: row => (row < 50 ? `${row % 2}` : ''),
        rare: row => (row === 0 ? 'once' : 'often'),
        mixed: row => (row === 100 ? 'n/a!' : `${row}`),
        comma: row => (row === 101 ? '1;5' : `${row}.5`),
      },
      { rows: 240 },
    ),
  );

  it.each<[string, ModelTask, RegExp]>([
    ['price', 'regression', /^$/],
    ['rooms', 'classification', /^$/],
    ['rooms', 'regression', /^$/],
    ['sold', 'classification', /^$/],
    ['rare', 'classification', /^$/],
    ['some', 'classification', /^$/],
    [
      'empty',
      'classification',
      /"empty" has a value in 49 rows only; at least 50/,
    ],
    ['code', 'classification', /"code" is always "1"/],
    ['always', 'classification', /at least two classes/],
    ['always', 'regression', /nothing to predict/],
    ['id', 'classification', /101 different values or more/],
    ['many', 'classification', /101 different values or more/],
    ['sold', 'regression', /"sold" holds "yes" in row 2/],
    ['mixed', 'regression', /"mixed" holds "n\/a!" in row 102/],
    ['comma', 'regression', /holds "1;5" in row 103.*mark "\."/],
    ['none', 'regression', /no column "none".*"price", "rooms"/],
  ])('%s for %s', (target, task, message) => {
    const problem = checkTarget(data, target, task);
    expect(problem ? describeTableProblem(problem, target) : '').toMatch(
      message,
    );
  });

  it.each<[string, ModelTask]>([
    ['price', 'regression'],
    ['rooms', 'classification'],
    ['sold', 'classification'],
    ['rare', 'classification'],
    ['id', 'classification'],
    ['none', 'classification'],
  ])('%s suggests %s', (target, task) => {
    expect(suggestTask(data, target)).toBe(task);
  });

  it('is no number of the rows', () => {
    const small = read(table({ id: row => `${row}`, y: ['a', 'b'] }));
    const problem = checkTarget(small, 'id', 'classification');
    expect(problem && describeTableProblem(problem, 'id')).toMatch(
      /another value in each row/,
    );
  });

  it('cannot write into the sentence about it', () => {
    const problem = checkTarget(data, '{{row}} {{columns}}\n$&', 'regression');
    expect(problem && describeTableProblem(problem, '{{row}}\n$&')).toMatch(
      /^The table has no column "\{\{row\}\}\\n\$&"\. Choose one of "price"/,
    );
  });
});

// 40 kB of digits once stopped the portal for 22 s, a row of quoted cells for minutes.
describe('a table of one huge row', () => {
  const UNITS = [
    ...['1', '1.', '.1', '1,', '1e', '+', "'", ' ', '\u00a0', '\t', ';', '|'],
    ...['"', '""', '"x', '" ', ' "', 'x"', '" ,', '"",', ',"', '","', '"\n'],
    ...['\n', '\r', '\r\n', ' \n', 'é', '1/1/1', '12:', 'NA ', '{', '<', '😀'],
  ];
  const LENGTH = 900_000;
  const ROWS = '1,0\n2,1\n'.repeat(30);

  it.each(UNITS.map(unit => [JSON.stringify(unit), unit]))(
    'of %s is read in little time',
    (_, unit) => {
      const cell = unit.repeat(LENGTH / unit.length);
      const half = cell.slice(0, LENGTH / 2);
      const tables = [
        ...['', 'e', ',', 'x'].map(end => `a,y\n"${cell}${end}",1\n${ROWS}`),
        `a,y\n${cell}e,1\n${ROWS}`,
        `a,y\n"${half}${' '.repeat(LENGTH / 2)}",1\n${ROWS}`,
        `a,y\n${ROWS}x"${cell}",1\n`,
        `"${cell}",1\n${ROWS}`,
        cell,
      ];
      for (const content of tables) {
        const bytes = Buffer.from(content);
        expect(cpuSeconds(() => profile(bytes, 65_536))).toBeLessThan(SOON);
      }
      // As a network may deliver it.
      const first = Buffer.from(tables[0]);
      expect(cpuSeconds(() => profile(first, 1000))).toBeLessThan(SOON);
    },
    240_000,
  );

  it('is a number, however long, where it is one', () => {
    const digits = '1'.repeat(LENGTH);
    const typeOf = (cell: string) =>
      read(`a;y\n${cell};1\n${'1;0\n'.repeat(60)}`).columns[0].type;
    expect(typeOf(digits)).toBe('number');
    expect(typeOf(`${digits}.`)).toBe('number');
    expect(typeOf(`${digits}e`)).toBe('text');
    expect(typeOf(`${digits}.e`)).toBe('text');
  });

  it('is the same in chunks of any length', () => {
    const content = `a,y\r\n"x ""1"" ",1\r\n"é\n" ,2\r\n${ROWS}"z"`;
    const whole = profile(Buffer.from(content));
    for (let chunkLength = 1; chunkLength < 40; chunkLength++) {
      expect(profile(Buffer.from(content), chunkLength)).toEqual(whole);
    }
  });
});
