// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { PACKAGE_DIR } from '../paths';
import { copyOwnCatalog } from './copyOwnCatalog';

const ROOT = path.resolve(PACKAGE_DIR, '..', '..');

describe('the copy of what the repository says of itself', () => {
  const target = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-own-'));
  afterAll(() => fs.rmSync(target, { recursive: true }));

  it('holds all that the catalog and TechDocs read, for its user only', () => {
    fs.writeFileSync(path.join(target, 'left-behind.yaml'), '');
    const file = copyOwnCatalog(ROOT, target);
    const location = parseAllDocuments(fs.readFileSync(file, 'utf8'))
      .map(document => document.toJS())
      .find(({ kind }) => kind === 'Location');
    for (const pattern of location.spec.targets) {
      const listed = fs.globSync(pattern, { cwd: ROOT });
      expect(listed.length).toBeGreaterThan(1);
      expect(fs.globSync(pattern, { cwd: target }).sort()).toEqual(
        listed.sort(),
      );
    }
    const copied = fs.readdirSync(target, { recursive: true }).map(String);
    expect(copied).toEqual(
      expect.arrayContaining(['mkdocs.yml', path.join('docs', 'index.md')]),
    );
    expect(copied).not.toContain('left-behind.yaml');
    expect(
      copied.filter(
        name => fs.statSync(path.join(target, name)).mode % 0o100 !== 0,
      ),
    ).toEqual([]);
  });
});
