// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { root, run } from '../../../scripts/lib/run.mjs';

/**
 * @typedef {object} Manifest What of a package.json is read here.
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {string} [license]
 * @property {string} [main]
 * @property {string} [types]
 * @property {string} [configSchema]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string | Record<string, string>>} [exports]
 *
 * @typedef {{ manifest: Manifest, folder: string }} Package
 */

/** @param {string} folder @returns {Manifest} */
const readManifest = folder =>
  JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));

/** Every workspace that is not private: what a release publishes. @returns {Package[]} */
export function findPackages() {
  return ['packages', 'plugins']
    .flatMap(parent =>
      fs
        .readdirSync(path.join(root, parent))
        .map(name => path.join(root, parent, name)),
    )
    .filter(folder => fs.existsSync(path.join(folder, 'package.json')))
    .map(folder => ({ folder, manifest: readManifest(folder) }))
    .filter(({ manifest }) => !manifest.private);
}

/**
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 * @param {string} [cwd]
 */
async function must(what, command, args, cwd) {
  const { code, output } = await run(command, args, { quiet: true, cwd });
  if (code !== 0) {
    throw new Error(`${what} failed:\n${output}`);
  }
}

/** The release of Yarn that is committed here. */
export function findYarn() {
  const releases = path.join(root, '.yarn', 'releases');
  const [file] = fs.readdirSync(releases);
  return path.join(releases, file);
}

/**
 * Builds the packages and packs them as `yarn npm publish` does, each to `<folder>/<n>.tgz`.
 *
 * @param {Package[]} packages
 * @param {string} folder
 * @returns {Promise<Array<Package & { tarball: string }>>}
 */
export async function packAll(packages, folder) {
  const bin = path.join(root, 'node_modules', '.bin');
  // The declarations, which the build bundles.
  await must('tsc', path.join(bin, 'tsc'), ['--incremental', 'false']);
  const packed = [];
  for (const [index, item] of packages.entries()) {
    const { name } = item.manifest;
    const tarball = path.join(folder, `${index}.tgz`);
    await must(
      `Building ${name}`,
      path.join(bin, 'backstage-cli'),
      ['package', 'build'],
      item.folder,
    );
    await must(
      `Packing ${name}`,
      process.execPath,
      [findYarn(), 'pack', '--out', tarball],
      item.folder,
    );
    packed.push({ ...item, tarball });
  }
  return packed;
}

/**
 * Unpacks a tarball and resolves with the folder of the package.
 *
 * @param {string} tarball
 * @param {string} folder
 */
export function unpack(tarball, folder) {
  fs.mkdirSync(folder, { recursive: true });
  const { status, stderr } = spawnSync('tar', ['-xzf', tarball, '-C', folder]);
  if (status !== 0) {
    throw new Error(`tar: ${stderr}`);
  }
  return path.join(folder, 'package');
}

/** @param {string} specifier */
const packageOf = specifier =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * What the files of a package import from other packages.
 *
 * @param {string} folder
 * @param {string[]} files
 */
async function findImports(folder, files) {
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: files.filter(file => /\.[cm]?js$/.test(file)),
    outdir: 'never-written',
    write: false,
    metafile: true,
    bundle: true,
    packages: 'external',
    platform: 'node',
    loader: { '.css': 'empty' },
    logLevel: 'silent',
  });
  const imported = Object.values(metafile.inputs)
    .flatMap(input => input.imports)
    .filter(({ external }) => external)
    .map(item => item.path);
  for (const file of files.filter(name => name.endsWith('.d.ts'))) {
    const text = fs.readFileSync(path.join(folder, file), 'utf8');
    for (const [, specifier] of text.matchAll(
      /(?:from |import\()'([^'.][^']*)'/g,
    )) {
      imported.push(specifier);
    }
  }
  return new Set(
    imported
      .filter(
        name => !name.startsWith('node:') && !builtinModules.includes(name),
      )
      .map(packageOf),
  );
}

/**
 * The targets of a package's entry points, as paths inside it.
 *
 * @param {Manifest} manifest
 */
function findTargets(manifest) {
  const targets = Object.values(manifest.exports ?? {}).flatMap(target =>
    typeof target === 'string'
      ? [target]
      : Object.entries(target)
          .filter(([condition]) => condition !== 'backstage')
          .map(([, file]) => file),
  );
  return [manifest.main, manifest.types, ...targets].filter(
    target => target !== undefined,
  );
}

/**
 * What is wrong with a package as it would be published, a sentence each.
 *
 * @param {string} folder The unpacked package.
 * @param {Package[]} packages All that are published.
 */
export async function findFaults(folder, packages) {
  const manifest = readManifest(folder);
  const files = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      path.relative(folder, path.join(entry.parentPath, entry.name)),
    );
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
  const published = new Set(packages.map(item => item.manifest.name));
  const faults = [];
  if (manifest.license !== 'Apache-2.0') {
    faults.push(`its licence is ${manifest.license}`);
  }
  for (const file of ['README.md', 'package.json']) {
    if (!files.includes(file)) {
      faults.push(`${file} is missing`);
    }
  }
  for (const target of findTargets(manifest)) {
    if (!fs.existsSync(path.join(folder, target))) {
      faults.push(`an entry point leads to ${target}, which is missing`);
    } else if (/\.tsx?$/.test(target) && !target.endsWith('.d.ts')) {
      faults.push(`an entry point leads to the source ${target}`);
    }
  }
  if (
    manifest.configSchema &&
    !files.includes(path.normalize(manifest.configSchema))
  ) {
    faults.push(`the configuration schema ${manifest.configSchema} is missing`);
  }
  for (const file of files) {
    if (/\.test\.|(^|\/)(__\w+__|testSupport|testUtils|src|dev)\//.test(file)) {
      faults.push(`${file} is for development only`);
    }
  }
  for (const [name, range] of Object.entries(declared)) {
    if (/^(workspace|link|file|portal):/.test(range)) {
      faults.push(`it depends on ${name} by ${range}`);
    }
    if (name.startsWith('@greenroom/') && !published.has(name)) {
      faults.push(`it depends on ${name}, which is private`);
    }
  }
  for (const name of await findImports(folder, files)) {
    const types = `@types/${name.replace(/^@/, '').replace('/', '__')}`;
    if (!(name in declared) && !(types in declared)) {
      if (name !== manifest.name) {
        faults.push(`it imports ${name}, which it does not declare`);
      }
    }
  }
  return faults;
}
