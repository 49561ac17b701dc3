import {
  BUNDLED_DATASETS,
  checkModelName,
  checkTarget,
  checkThreshold,
  formatTable,
  GATE_METRICS,
  getGateMetric,
  getGateMetrics,
  parseTable,
  suggestTask,
  suggestThreshold,
  toPackageName,
  type Table,
} from '.';

const rows = (count: number, row: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => row(index)).join('\n');

const read = (text: string): Table => {
  const parsed = parseTable(text);
  if ('problem' in parsed) {
    throw new Error(JSON.stringify(parsed.problem));
  }
  return parsed.table;
};

describe('names', () => {
  it.each(['abe', 'churn-model', 'a1-b2-c3', 'x'.repeat(40), 'iris-7'])(
    'takes %s',
    name => {
      expect(checkModelName(name)).toBeUndefined();
      expect(toPackageName(name)).toMatch(/^[a-z][a-z0-9_]*$/);
    },
  );

  it.each([
    [undefined, 'missing'],
    ['', 'missing'],
    ['ab', 'too-short'],
    ['x'.repeat(41), 'too-long'],
    ['Churn', 'malformed'],
    ['churn_model', 'malformed'],
    ['-churn', 'malformed'],
    ['churn-', 'malformed'],
    ['a--b', 'malformed'],
    ['7days', 'malformed'],
    ['churn\n', 'malformed'],
    ['größe', 'malformed'],
    ['import', 'reserved'],
    ['statistics', 'reserved'],
    ['scikit-learn', 'reserved'],
    ['py-compile', 'reserved'],
  ])('answers %j with %s', (name, problem) => {
    expect(checkModelName(name)).toBe(problem);
  });
});

describe('metrics', () => {
  it('suggests for each data set a threshold that its metrics take', () => {
    for (const { name, task, thresholds } of BUNDLED_DATASETS) {
      expect(Object.keys(thresholds)).toEqual(
        getGateMetrics(task).map(metric => metric.name),
      );
      for (const metric of getGateMetrics(task)) {
        expect(
          checkThreshold(metric, suggestThreshold(name, metric.name)),
        ).toBeUndefined();
      }
    }
  });

  it('suggests no error in an unknown unit', () => {
    expect(suggestThreshold('csv', 'accuracy')).toBe(0.8);
    expect(suggestThreshold('csv', 'rmse')).toBeUndefined();
    expect(suggestThreshold('titanic', 'accuracy')).toBeUndefined();
  });

  it.each([
    ['accuracy', 1, undefined],
    ['accuracy', 0, 'too-low'],
    ['accuracy', 1.01, 'too-high'],
    ['roc_auc', 0.5, undefined],
    ['roc_auc', 0.49, 'too-low'],
    ['r2', 0, undefined],
    ['r2', -0.1, 'too-low'],
    ['rmse', 1e6, undefined],
    ['mae', 0, 'too-low'],
    ['mae', Infinity, 'not-a-number'],
    ['mae', NaN, 'not-a-number'],
    ['mae', '5', 'not-a-number'],
    ['mae', undefined, 'not-a-number'],
  ])('%s at %p is %p', (name, threshold, problem) => {
    const metric = getGateMetric(name);
    expect(metric && checkThreshold(metric, threshold)).toBe(problem);
    expect(GATE_METRICS).toContain(metric);
  });
});

describe('tables', () => {
  it('reads what spreadsheets write, and writes what pandas reads', () => {
    const text = [
      '\uFEFFName ;"a; b";Größe',
      ...rows(50, i => `n${i};"say ""hi""\n twice";${i}`).split('\n'),
    ].join('\r\n');
    const table = read(text);
    expect(table.columns).toEqual(['Name', 'a; b', 'Größe']);
    expect(table.rows).toHaveLength(50);
    expect(read(formatTable(table))).toEqual(table);
    expect(formatTable(table).split('\n')[0]).toBe('Name,a; b,Größe');
    expect(read(`a\tb\n${rows(50, i => `${i}\t1`)}`).columns).toEqual([
      'a',
      'b',
    ]);
  });

  it('guesses what a column is the target of', () => {
    const table = read(
      `price,rooms,sold\n${rows(60, i => `${i * 1000},${i % 5},${i % 2 ? 'yes' : 'no'}`)}`,
    );
    expect(suggestTask(table, 'price')).toBe('regression');
    expect(suggestTask(table, 'rooms')).toBe('classification');
    expect(suggestTask(table, 'sold')).toBe('classification');
    expect(suggestTask(table, 'none')).toBe('classification');
    expect(checkTarget(table, 'price', 'regression')).toBeUndefined();
    expect(checkTarget(table, 'sold', 'classification')).toBeUndefined();
  });

  it('refuses columns that a file, a log or a template cannot hold', () => {
    const body = rows(50, i => `${i},1`);
    expect(parseTable(`"a\nb",c\n${body}`)).toEqual({
      problem: { code: 'column-name', column: 1 },
    });
    expect(parseTable(`${'x'.repeat(101)},c\n${body}`)).toEqual({
      problem: { code: 'column-name', column: 1 },
    });
    const wide = Array.from({ length: 1001 }, (_, i) => `c${i}`).join(',');
    expect(parseTable(wide)).toEqual({
      problem: { code: 'too-many-columns', count: 1001 },
    });
    expect(parseTable('a,b\n\u0000,1')).toEqual({
      problem: { code: 'not-text' },
    });
  });
});
