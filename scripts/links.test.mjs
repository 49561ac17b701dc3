// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** How a page of TechDocs links to what is not in docs/: as good as a relative link. */
const OWN_REPOSITORY =
  /^https:\/\/github\.com\/greenroom-dev\/greenroom\/(?:blob|tree)\/main\//;

/** The text without code, where brackets are no links and `#` is no heading. */
const withoutCode = (/** @type {string} */ markdown) =>
  markdown.replace(/^ *(```|~~~)[\s\S]*?^ *\1 *$/gm, '');

/** The anchors that GitHub makes of a page's headings. @param {string} markdown */
function anchorsOf(markdown) {
  const seen = new Map();
  return new Set(
    [...withoutCode(markdown).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(
      ([, heading]) => {
        const slug = heading
          .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, '')
          .replace(/\s/g, '-');
        const count = seen.get(slug) ?? 0;
        seen.set(slug, count + 1);
        return count === 0 ? slug : `${slug}-${count}`;
      },
    ),
  );
}

/** @param {string} markdown */
function targetsOf(markdown) {
  const text = withoutCode(markdown).replace(/`[^`\n]*`/g, '');
  return [
    ...text.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...text.matchAll(/^ {0,3}\[[^\]]+\]: +<?([^\s>]+)>?/gm),
    ...text.matchAll(/<(?:img|a)\b[^>]*?\b(?:src|href)="([^"]+)"/g),
  ].map(([, target]) => target);
}

/** Says which relative links of a page lead nowhere below `base`. @param {string} base @param {string} file */
function findBrokenLinks(base, file) {
  const page = path.join(base, file);
  const markdown = fs.readFileSync(page, 'utf8');
  return targetsOf(markdown).flatMap(target => {
    const isOwn = OWN_REPOSITORY.test(target);
    if (!isOwn && /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) {
      return [];
    }
    const folder = isOwn ? base : path.dirname(page);
    const [name, anchor] = decodeURI(target.replace(OWN_REPOSITORY, '')).split(
      '#',
    );
    const linked = name ? path.resolve(folder, name) : page;
    const inside = !path.relative(base, linked).startsWith('..');
    if (inside && fs.existsSync(`${linked}.njk`)) {
      // In a template: the page is there once it is rendered.
      return [];
    }
    if (!inside || !fs.existsSync(linked)) {
      return [`${file}: ${target}`];
    }
    const found =
      !anchor ||
      !linked.endsWith('.md') ||
      anchorsOf(fs.readFileSync(linked, 'utf8')).has(anchor);
    return found ? [] : [`${file}: ${target} (no such heading)`];
  });
}

test('a link that leads nowhere is found', t => {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-links-'));
  t.after(() => fs.rmSync(base, { recursive: true }));
  fs.mkdirSync(path.join(base, 'docs'));
  fs.writeFileSync(
    path.join(base, 'README.md'),
    '# A `b`, c & d\n\n## Same\n\n## Same\n\n```\n# Code\n```\n',
  );
  fs.writeFileSync(
    path.join(base, 'docs/page.md'),
    [
      '[page](../README.md) [heading](../README.md#a-b-c--d) [second](../README.md#same-1)',
      '[folder](../docs) [web](https://example.com/x) [mail](mailto:a@example.com)',
      '`[code](gone.md)`\n\n```md\n[code](gone.md)\n```\n',
      '![picture](gone.png)\n[gone](../gone.md "title") [code](../README.md#code)',
      '[third](../README.md#same-2) [here](#nowhere) [out](../../outside)',
      '<img src="tag.png">\n\n[reference]: ./reference.md',
      '[own](https://github.com/greenroom-dev/greenroom/blob/main/README.md#same)',
      '[own](https://github.com/greenroom-dev/greenroom/blob/main/none.md)',
    ].join('\n'),
  );
  assert.deepEqual(findBrokenLinks(base, 'docs/page.md').sort(), [
    'docs/page.md: #nowhere (no such heading)',
    'docs/page.md: ../../outside',
    'docs/page.md: ../README.md#code (no such heading)',
    'docs/page.md: ../README.md#same-2 (no such heading)',
    'docs/page.md: ../gone.md',
    'docs/page.md: ./reference.md',
    'docs/page.md: gone.png',
    'docs/page.md: https://github.com/greenroom-dev/greenroom/blob/main/none.md',
    'docs/page.md: tag.png',
  ]);
});

test('every link of the documentation to a file of the repository leads somewhere', () => {
  const files = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'],
    { cwd: root, encoding: 'utf8' },
  )
    .split('\0')
    .filter(file => file && fs.existsSync(path.join(root, file)));
  assert.ok(files.includes('README.md'), 'git lists the pages');
  assert.deepEqual(
    files.flatMap(file => findBrokenLinks(root, file)),
    [],
  );
});

test('a page of TechDocs links to what is not in docs/ by its address', () => {
  const docs = path.join(root, 'docs');
  const pages = fs
    .readdirSync(docs, { recursive: true })
    .map(String)
    .filter(name => name.endsWith('.md'));
  const broken = pages.flatMap(page =>
    targetsOf(fs.readFileSync(path.join(docs, page), 'utf8'))
      .filter(target => !/^([a-z]+:|#)/.test(target))
      .filter(target => path.join(path.dirname(page), target).startsWith('..'))
      .map(target => `${page}: ${target}`),
  );
  assert.deepEqual(broken, []);
});
