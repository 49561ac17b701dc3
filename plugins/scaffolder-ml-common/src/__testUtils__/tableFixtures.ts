// SPDX-License-Identifier: Apache-2.0

/** A table as its owner would bring it, with what is to be predicted. */
export interface TableFixture {
  name: string;
  target: string;
  bytes: Buffer;
}

const ROWS = 60;

const lines = (
  header: string,
  row: (index: number) => string,
  newline = '\n',
): string =>
  [header, ...Array.from({ length: ROWS }, (_, index) => row(index)), ''].join(
    newline,
  );

const two = (number: number) => String(number).padStart(2, '0');

const pick = <T>(index: number, ...choices: T[]): T =>
  choices[(index * 7 + Math.floor(index / 3)) % choices.length];

/** Bytes of Windows-1252, for text that Latin-1 and the euro sign make up. */
function toCp1252(text: string): Buffer {
  return Buffer.from(
    Array.from(text, character =>
      character === '€' ? 0x80 : character.charCodeAt(0),
    ),
  );
}

/**
 * One table of each kind that a spreadsheet, a database or a data frame writes.
 * They lie, with the schema found in them, in
 * templates/model-service/tests/fixtures/csv: the generated repository reads
 * them there.
 */
export const TABLE_FIXTURES: TableFixture[] = [
  {
    name: 'plain',
    target: 'churned',
    bytes: Buffer.from(
      lines(
        'age,joined,plan,income,newsletter,churned',
        i =>
          `${20 + (i % 45)},20${two(10 + (i % 12))}-${two(1 + (i % 12))}-${two(1 + (i % 28))},${pick(i, 'basic', 'plus', 'premium')},${i % 9 === 4 ? '' : 1800 + i * 37.5},${pick(i, 'yes', 'no')},${i % 3 === 0 ? 'yes' : 'no'}`,
      ),
    ),
  },
  {
    name: 'german-semicolon',
    target: 'Kündigung',
    bytes: toCp1252(
      lines(
        'Kunde;Größe (cm);Umsatz €;Letzter Kauf;Bundesland;Kündigung',
        i =>
          `${1000 + i};${150 + (i % 40)},5;${i % 10 === 3 ? 'k.A.' : `${1 + (i % 8)}.${200 + i},${two(i)}`};${two(1 + (i % 28))}.${two(1 + (i % 12))}.2024;${pick(i, 'Baden-Württemberg', 'Thüringen', 'Hessen', '')};${i % 4 === 0 ? 'ja' : 'nein'}`,
        '\r\n',
      ),
    ),
  },
  {
    name: 'tabs-utf16',
    target: '结果',
    bytes: Buffer.from(
      `\uFEFF${lines(
        '年齢\t城市\t结果',
        i =>
          `${18 + (i % 60)}\t${pick(i, '東京', '北京', 'Łódź')}\t${i % 2 ? '好' : '坏'}`,
        '\r\n',
      )}`,
      'utf16le',
    ),
  },
  {
    name: 'pipe-quoted',
    target: 'stars',
    bytes: Buffer.from(
      lines(
        '"order id"|"review text"|stars',
        i =>
          `"A-${1000 + i}"|"Parcel ${i} came ""late"" | box open,\nagain; no. ${i * 13}"|${1 + ((i * 3) % 5)}`,
      ),
    ),
  },
  {
    name: 'data-frame-index',
    target: 'label',
    bytes: Buffer.from(
      lines(
        ',height,width,label',
        i => `${i},${(1 + i / 7).toFixed(3)},${(i % 5) + 0.25},${i % 2}`,
      ),
    ),
  },
  {
    name: 'us-export',
    target: 'Sale Price',
    bytes: Buffer.from(
      lines(
        'Sold At,Living Area,Has Pool,Condition,Sale Price',
        i =>
          `${1 + (i % 12)}/${1 + (i % 28)}/2023 ${1 + (i % 12)}:${two(i)} ${i % 2 ? 'PM' : 'AM'},"${1 + (i % 3)},${200 + i}",${i % 5 ? 'FALSE' : 'TRUE'},${pick(i, 'Good', 'Fair', 'N/A', 'Poor')},"${100 + i},${500 + i}.50"`,
      ),
    ),
  },
  {
    name: 'french-bom',
    target: 'catégorie',
    bytes: Buffer.from(
      `\uFEFF${lines(
        'prix TTC;quantité;abonné;catégorie',
        i =>
          `${1 + (i % 9)}\u00a0${two(i)}0,${two(i)};${1 + (i % 7)};${i % 2 ? 'oui' : 'non'};${i === 59 ? 'rare' : pick(i, 'épicerie', 'hygiène', 'crèmerie')}`,
      )}`,
    ),
  },
  {
    name: 'missing-markers',
    target: 'outcome',
    bytes: Buffer.from(
      lines(
        'age,work class,comment, score ,empty,outcome',
        i =>
          `${i % 8 === 1 ? '-' : 20 + i},${pick(i, 'State-gov', 'Private', '?', ' NA')},${i % 12 === 2 ? '-' : `note ${i}`},${i % 5 === 2 ? 'NULL' : ` ${i}.5 `},${i % 3 ? '' : '  '},${i % 15 === 7 ? '' : ['fail', 'pass'][i % 2]}`,
      ),
    ),
  },
  {
    name: 'trailing-cells',
    target: 'y',
    bytes: Buffer.from(
      lines(
        'x1;x2;y',
        i =>
          `${i / 4};${pick(i, 'a', 'b')};${(i * i) / 16};;${i % 10 ? '' : '\r;;;;'}`,
        '\r',
      ),
    ),
  },
  {
    name: 'number-classes',
    target: 'grade',
    bytes: Buffer.from(
      lines(
        'measured,sensor,constant,ratio,grade',
        i =>
          `2024-0${1 + (i % 9)}-1${i % 10}T0${i % 10}:30:00+02:00,s${i % 4},7,${i % 4 ? (i / 1000).toExponential(2) : -i},${(i % 3) + 1}`,
      ).trimEnd(),
    ),
  },
];
