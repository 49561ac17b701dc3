// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import { getMlflowReferences, readMlflowMark } from '.';

describe('getMlflowReferences', () => {
  const read = (
    annotations: Record<string, string> | undefined,
    instances: string[] = ['eu', 'us'],
  ) => {
    const entity: Entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'churn', annotations },
    };
    return getMlflowReferences(entity, { instances });
  };

  it('reads lists, instance prefixes and the older names of the annotation', () => {
    expect(
      read({
        'mlflow.org/experiment-name': ' churn , eu:churn,, us: fraud:v2 ,churn',
        'mlflow.org/experiment': 'eu:churn, old',
        'mlflow.org/experiment-id': '12,us:13',
        'mlflow.org/registered-model': 'team:churn, us:',
      }),
    ).toEqual({
      experiments: [
        { name: 'churn' },
        { instance: 'eu', name: 'churn' },
        { instance: 'us', name: 'fraud:v2' },
        { name: 'old' },
      ],
      experimentIds: [{ name: '12' }, { instance: 'us', name: '13' }],
      // Only a configured instance is a prefix: MLflow's names hold colons.
      registeredModels: [{ name: 'team:churn' }],
    });
  });

  it('hands over every name that MLflow allows, byte for byte', () => {
    const names = (value: string) =>
      read({ 'mlflow.org/registered-model': value }).registeredModels.map(
        ({ instance, name }) => (instance ? [instance, name] : name),
      );
    expect(names('["risk, eu"]')).toEqual(['risk, eu']);
    expect(names('["eu:risk, eu", "both \'\\" quotes", "a\\\\b"]')).toEqual([
      ['eu', 'risk, eu'],
      'both \'" quotes',
      'a\\b',
    ]);
    expect(names(' [ " churn ", "eu: churn", "", " " ]\n')).toEqual([
      ' churn ',
      ['eu', ' churn'],
      ' ',
    ]);
    expect(names('[]')).toEqual([]);
    expect(names('eu:risk\\, eu, b\\\\,c\\,')).toEqual([
      ['eu', 'risk, eu'],
      'b\\',
      'c,',
    ]);
    // As they were read before there was an escape.
    expect(names('[eu] churn, [us] churn')).toEqual([
      '[eu] churn',
      '[us] churn',
    ]);
    expect(names('["a", 3]')).toEqual(['["a"', '3]']);
    expect(names('team\\churn, "quoted", it\'s')).toEqual([
      'team\\churn',
      '"quoted"',
      "it's",
    ]);
    // Composed, decomposed, zero-width, not breaking, full width.
    const odd = ['\u00e9', 'e\u0301', 'a\u200b', '\u00a0a\ufeff', '\uff0c'];
    expect(names(odd.join(', '))).toEqual(odd);
    expect(names(JSON.stringify(odd))).toEqual(odd);
    expect(names('x'.repeat(200_000))).toEqual(['x'.repeat(200_000)]);
    const blank = `${' '.repeat(200_000)}x`;
    expect(names(`${blank},${blank}`)).toEqual(['x']);
  });

  it.each([[undefined], [{}], [{ 'mlflow.org/experiment-name': ' , ' }]])(
    'finds nothing in %j',
    annotations => {
      expect(read(annotations)).toEqual({
        experiments: [],
        experimentIds: [],
        registeredModels: [],
      });
    },
  );
});

describe('readMlflowMark', () => {
  const read = (mark: string) =>
    readMlflowMark({ 'greenroom.component': mark });

  it('reads refs as the catalog does, and tells no mark from one that names nobody', () => {
    expect(readMlflowMark({})).toBeUndefined();
    expect(read(' ')).toBeUndefined();
    expect(read('Churn, API:default/Churn')).toEqual([
      'component:default/churn',
      'api:default/churn',
    ]);
    const malformed = [
      'a/b/c:d',
      'a:b:c',
      '/',
      'a b',
      'a\u0000',
      '\u200b',
      '[a]/',
    ];
    expect(malformed.flatMap(mark => read(mark))).toEqual([]);
    expect(read(`${'a'.repeat(64)}, api:`)).toEqual([]);
    expect(read(','.repeat(5_000))).toEqual([]);
    expect(read('a,'.repeat(5_000))).toHaveLength(10);
  });
});
