// SPDX-License-Identifier: Apache-2.0
import {
  DefaultNamespaceEntityPolicy,
  EntityPolicies,
  FieldFormatEntityPolicy,
  NoForeignRootFieldsEntityPolicy,
  SchemaValidEntityPolicy,
  componentEntityV1alpha1Validator,
  groupEntityV1alpha1Validator,
  locationEntityV1alpha1Validator,
  parseEntityRef,
  stringifyEntityRef,
  systemEntityV1alpha1Validator,
  userEntityV1alpha1Validator,
} from '@backstage/catalog-model';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** What the catalog asks of an entity before it takes it in. */
const policy = EntityPolicies.allOf([
  new SchemaValidEntityPolicy(),
  new DefaultNamespaceEntityPolicy(),
  new NoForeignRootFieldsEntityPolicy(),
  new FieldFormatEntityPolicy(),
]);
const validators = [
  componentEntityV1alpha1Validator,
  groupEntityV1alpha1Validator,
  locationEntityV1alpha1Validator,
  systemEntityV1alpha1Validator,
  userEntityV1alpha1Validator,
];

/** Fields that name other entities, and the kind that is meant where they name none. */
const REFERENCES = {
  owner: 'group',
  system: 'system',
  subcomponentOf: 'component',
  dependsOn: 'component',
  dependencyOf: 'component',
  providesApis: 'api',
  consumesApis: 'api',
  parent: 'group',
  children: 'group',
  members: 'user',
  memberOf: 'group',
};

/** @param {string} file */
const read = file => fs.readFileSync(path.join(root, file), 'utf8');

/**
 * The entities of a file, as the catalog keeps them.
 *
 * @param {string} file
 */
async function readEntities(file) {
  const entities = [];
  for (const document of parseAllDocuments(read(file))) {
    assert.deepEqual(document.errors, [], file);
    const entity = await policy.enforce(document.toJS());
    assert.ok(entity, file);
    const checks = await Promise.all(
      validators.map(validator => validator.check(entity)),
    );
    assert.ok(
      checks.includes(true),
      `${file}: ${entity.kind} has no validator`,
    );
    entities.push(entity);
  }
  return entities;
}

/** @param {import('@backstage/catalog-model').Entity} entity */
function referencesOf({ metadata, spec = {} }) {
  const named = Object.entries(REFERENCES).flatMap(([field, defaultKind]) =>
    [spec[field] ?? []]
      .flat()
      .map(String)
      .map(ref => stringifyEntityRef(parseEntityRef(ref, { defaultKind }))),
  );
  const docs = metadata.annotations?.['backstage.io/techdocs-entity'];
  return docs ? [...named, docs] : named;
}

/** The workspaces with their package.json. */
const workspaces = ['packages', 'plugins']
  .flatMap(group =>
    fs.readdirSync(path.join(root, group)).map(name => `${group}/${name}`),
  )
  .filter(folder => fs.existsSync(path.join(root, folder, 'package.json')))
  .map(folder => ({
    folder,
    manifest: JSON.parse(read(`${folder}/package.json`)),
  }));

test('each package is a component of the system, named as Backstage names it', async () => {
  assert.ok(workspaces.length > 10);
  for (const { folder, manifest } of workspaces) {
    const [entity, ...others] = await readEntities(
      `${folder}/catalog-info.yaml`,
    );
    assert.deepEqual(others, [], folder);
    assert.deepEqual(
      [
        entity.kind,
        entity.metadata.name,
        entity.metadata.title,
        entity.metadata.description,
        entity.spec?.type,
        entity.spec?.system,
      ],
      [
        'Component',
        manifest.name.replace('@', '').replace('/', '-'),
        manifest.name,
        manifest.description,
        `backstage-${manifest.backstage?.role ?? 'library'}`,
        'system:default/greenroom',
      ],
      `${folder}: catalog-info.yaml says other than package.json`,
    );
  }
});

test('the root lists every package, and no reference dangles', async () => {
  const own = await readEntities('catalog-info.yaml');
  const location = own.find(({ kind }) => kind === 'Location');
  const targets = [location?.spec?.targets ?? []].flat().map(String);
  const files = targets.flatMap(pattern => fs.globSync(pattern, { cwd: root }));
  assert.deepEqual(
    files.map(path.normalize).sort(),
    workspaces.map(({ folder }) => `${folder}/catalog-info.yaml`).sort(),
  );
  const local = ['organization', 'systems'].map(
    name => `packages/local-platform/catalog/${name}.yaml`,
  );
  const entities = [
    ...own,
    ...(await Promise.all([...files, ...local].map(readEntities))).flat(),
  ];
  const refs = entities.map(stringifyEntityRef);
  assert.equal(new Set(refs).size, refs.length, 'two entities of one name');
  assert.deepEqual(
    entities.flatMap(entity =>
      referencesOf(entity)
        .filter(ref => !refs.includes(ref))
        .map(ref => `${stringifyEntityRef(entity)} → ${ref}`),
    ),
    [],
  );
});

test('the first page of the docs leads to each of the others', () => {
  const index = read('docs/index.md');
  const pages = fs
    .readdirSync(path.join(root, 'docs'))
    .filter(name => name.endsWith('.md') && name !== 'index.md');
  assert.ok(pages.length > 3);
  assert.deepEqual(
    [...pages, 'decisions/README.md'].filter(
      page => !index.includes(`](${page})`),
    ),
    [],
  );
});
