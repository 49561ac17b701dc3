// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, run } from '../run.mjs';
import { getTool } from '../tools.mjs';
import { checkManifests } from './manifests.mjs';
import { skeletonValues } from './repository.mjs';

/** @typedef {import('./repository.mjs').Repository} Repository */
/** @typedef {import('./inspect.mjs').Finding} Finding */

/**
 * What a linter says about many repositories.
 *
 * @typedef {object} Verdict
 * @property {string} linter
 * @property {string} [skipped] Why it did not run.
 * @property {Set<string>} checked The labels of the repositories that it looked at.
 * @property {Map<string, string[]>} findings By label.
 */

/**
 * A part of a repository that a linter judges as a whole. Equal parts of many repositories are
 * judged once.
 *
 * @typedef {object} Unit
 * @property {string} directory Where it was written.
 * @property {string[]} files Those to judge, from the directory.
 * @property {Set<string>} labels The repositories that have it.
 * @property {string} config The content of the configuration, to run equal ones together.
 */

/**
 * @typedef {object} Linter
 * @property {string} name
 * @property {string} tool
 * @property {(repository: Repository) => Array<{ files: string[], beside: string[] }>} select Its units:
 *   what to judge, and what must lie beside it.
 * @property {boolean} [perConfig] One run for each configuration.
 * @property {(tool: string, units: Unit[]) => Promise<{ output: string, code: number }>} lint
 */

const isModel = (/** @type {Repository} */ { template }) =>
  template === 'model-service';

/** @param {Repository} repository @param {(file: string) => boolean} wanted */
const namesOf = (repository, wanted) =>
  [...repository.files.keys()].filter(wanted).sort();

const inGithub = (/** @type {string} */ file) => file.startsWith('.github/');
const isWorkflow = (/** @type {string} */ file) =>
  /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file);
const isPython = (/** @type {string} */ file) => file.endsWith('.py');
const isTest = (/** @type {string} */ file) => /^tests[^/]*\//.test(file);

/** @param {Unit[]} units */
const pathsOf = units =>
  units.flatMap(({ directory, files }) =>
    files.map(file => path.join(directory, file)),
  );

/** @param {Repository} repository */
const githubUnit = repository => {
  const beside = namesOf(repository, inGithub);
  const files = beside.filter(isWorkflow);
  return files.length > 0 ? [{ files, beside }] : [];
};

/** @param {(file: string) => boolean} wanted @param {string[]} config */
const eachFile = (wanted, config) => (/** @type {Repository} */ repository) =>
  namesOf(repository, wanted).map(file => ({ files: [file], beside: config }));

/** @type {Linter[]} */
const LINTERS = [
  {
    name: 'actionlint',
    tool: 'actionlint',
    select: githubUnit,
    lint: (tool, units) =>
      run(
        tool,
        [
          '-shellcheck=',
          '-pyflakes=',
          '-oneline',
          '-no-color',
          ...pathsOf(units),
        ],
        { quiet: true },
      ),
  },
  {
    name: 'zizmor (pedantic)',
    tool: 'zizmor',
    select: githubUnit,
    // A run reads one configuration.
    perConfig: true,
    lint: (tool, units) =>
      run(
        tool,
        [
          '--offline',
          '--no-progress',
          '--color=never',
          '--persona=pedantic',
          '--format=plain',
          ...units.map(({ directory }) => directory),
        ],
        { quiet: true },
      ),
  },
  {
    name: 'hadolint',
    tool: 'hadolint',
    select: eachFile(
      file => /(^|\/)Dockerfile$/.test(file),
      ['.hadolint.yaml'],
    ),
    lint: (tool, units) =>
      run(tool, ['--no-color', ...pathsOf(units)], { quiet: true }),
  },
  {
    name: 'ruff format',
    tool: 'ruff',
    select: eachFile(isPython, ['pyproject.toml', 'ruff.toml', '.ruff.toml']),
    lint: (tool, units) =>
      run(
        tool,
        ['--color=never', 'format', '--check', '--no-cache', ...pathsOf(units)],
        {
          quiet: true,
        },
      ),
  },
  {
    name: 'flake8',
    tool: 'flake8',
    select: repository =>
      isModel(repository) ? eachFile(isPython, ['.flake8'])(repository) : [],
    perConfig: true,
    lint: (tool, units) =>
      run(
        tool,
        [
          '--jobs=2',
          '--config',
          path.join(units[0].directory, '.flake8'),
          ...pathsOf(units),
        ],
        { quiet: true },
      ),
  },
  {
    name: 'bandit',
    tool: 'bandit',
    // What runs in CI or in the cluster; tests assert and start processes.
    select: repository =>
      isModel(repository)
        ? eachFile(
            file => isPython(file) && !isTest(file),
            ['pyproject.toml'],
          )(repository)
        : [],
    perConfig: true,
    lint: (tool, units) =>
      run(
        tool,
        [
          '--quiet',
          '--configfile',
          path.join(units[0].directory, 'pyproject.toml'),
          ...pathsOf(units),
        ],
        { quiet: true },
      ),
  },
];

/**
 * Writes each distinct unit once. The configuration is part of what makes it distinct.
 *
 * @param {Linter} linter
 * @param {Repository[]} repositories
 * @param {string} folder
 * @returns {Unit[]}
 */
function stage(linter, repositories, folder) {
  /** @type {Map<string, Unit>} */
  const units = new Map();
  for (const { label, files, ...rest } of repositories) {
    for (const { files: judged, beside } of linter.select({
      label,
      files,
      ...rest,
    })) {
      const all = [...new Set([...judged, ...beside])].filter(file =>
        files.has(file),
      );
      const hash = createHash('sha1');
      const config = createHash('sha1');
      for (const file of all) {
        const { content } = /** @type {{ content: Buffer }} */ (
          files.get(file)
        );
        hash.update(`${file}\0${content.length}\0`).update(content);
        if (!judged.includes(file) && !isWorkflow(file)) {
          config.update(`${file}\0`).update(configOf(file, content));
        }
      }
      const key = hash.digest('hex');
      const known = units.get(key);
      if (known) {
        known.labels.add(label);
        continue;
      }
      // actionlint takes a folder whose path begins with another's for a part of it.
      const directory = path.join(folder, String(units.size).padStart(6, '0'));
      for (const file of all) {
        const target = path.join(directory, file);
        fs.mkdirSync(path.dirname(target), { recursive: true });
        fs.writeFileSync(target, files.get(file)?.content ?? '');
      }
      // The linters of workflows look for the root of a repository.
      fs.mkdirSync(path.join(directory, '.git'), { recursive: true });
      units.set(key, {
        directory,
        files: judged,
        labels: new Set([label]),
        config: config.digest('hex'),
      });
    }
  }
  return [...units.values()];
}

/** Of pyproject.toml only the tools' tables are configuration. @param {string} file @param {Buffer} content */
function configOf(file, content) {
  const text = content.toString('utf8');
  return file === 'pyproject.toml' ? text.slice(text.indexOf('[tool.')) : text;
}

/** @param {Unit[]} units */
function byConfig(units) {
  /** @type {Map<string, Unit[]>} */
  const groups = new Map();
  for (const unit of units) {
    groups.set(unit.config, [...(groups.get(unit.config) ?? []), unit]);
  }
  return [...groups.values()];
}

/**
 * @param {Linter} linter
 * @param {Repository[]} repositories
 * @param {string} folder
 * @returns {Promise<Verdict>}
 */
async function runLinter(linter, repositories, folder) {
  const { path: tool, reason } = await getTool(linter.tool);
  const verdict = emptyVerdict(linter.name);
  if (!tool) {
    return { ...verdict, skipped: reason };
  }
  const units = stage(linter, repositories, folder);
  const groups = linter.perConfig
    ? byConfig(units)
    : units.length > 0
      ? [units]
      : [];
  for (const group of groups) {
    const { code, output } = await linter.lint(tool, group);
    group.forEach(({ labels }) =>
      labels.forEach(label => verdict.checked.add(label)),
    );
    if (code !== 0) {
      attribute(output, group, verdict);
    }
  }
  return verdict;
}

/** @param {string} linter @returns {Verdict} */
export function emptyVerdict(linter) {
  return { linter, checked: new Set(), findings: new Map() };
}

/** @param {Verdict} verdict @param {string} label @param {string} text */
export function addFinding(verdict, label, text) {
  const texts = verdict.findings.get(label) ?? [];
  if (!texts.includes(text)) {
    verdict.findings.set(label, [...texts, text]);
  }
}

/**
 * Gives each finding to the repositories that have the file: the linters name files by their paths.
 *
 * @param {string} output
 * @param {Unit[]} units
 * @param {Verdict} verdict
 */
function attribute(output, units, verdict) {
  let named = false;
  for (const { directory, labels } of units) {
    const relative = path.relative(root, directory);
    const mine = [directory, relative].filter(name =>
      output.includes(`${name}/`),
    );
    if (mine.length === 0) {
      continue;
    }
    named = true;
    const text = output
      .split(/\n(?=\S)/)
      .filter(block => mine.some(name => block.includes(`${name}/`)))
      .join('\n')
      .replaceAll(`${relative}/`, '')
      .replaceAll(`${directory}/`, '');
    labels.forEach(label => addFinding(verdict, label, text.trim()));
  }
  if (!named) {
    units.forEach(({ labels }) =>
      labels.forEach(label => addFinding(verdict, label, output.trim())),
    );
  }
}

/**
 * Holds each repository of model-service against templates/model-service/tests.
 *
 * @param {Repository[]} repositories
 * @param {string} folder
 * @param {(repository: Repository) => string} directoryOf
 * @returns {Promise<Verdict>}
 */
async function checkPromises(repositories, folder, directoryOf) {
  const verdict = emptyVerdict('promises of the template');
  const { path: python, reason } = await getTool('python');
  if (!python) {
    return { ...verdict, skipped: reason };
  }
  const test = path.join(
    root,
    'templates/model-service/tests/test_rendered_repository.py',
  );
  const queue = repositories.filter(isModel);
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const values = path.join(folder, `${verdict.checked.size}.json`);
      verdict.checked.add(next.label);
      fs.writeFileSync(values, JSON.stringify(skeletonValues(next)));
      const { code, output } = await run(python, ['-B', test], {
        quiet: true,
        env: { REPOSITORY: directoryOf(next), VALUES: values },
      });
      if (code !== 0) {
        addFinding(
          verdict,
          next.label,
          output.replace(/^Ran \d+ tests in .*$/m, '').trim(),
        );
      }
    }
  };
  await Promise.all([work(), work()]);
  return verdict;
}

/**
 * Every linter that is a program of its own, on all these repositories at once.
 *
 * @param {Repository[]} repositories
 * @param {{ directoryOf?: (repository: Repository) => string, onVerdict?: (verdict: Verdict) => void }} [options]
 *   `directoryOf`: where a repository lies on disk, if it does; else it is written.
 * @returns {Promise<Verdict[]>}
 */
export async function lintRepositories(repositories, options = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-lint-'));
  const onVerdict = options.onVerdict ?? (() => {});
  try {
    /** @type {Verdict[]} */
    const verdicts = [];
    const note = (/** @type {Verdict} */ verdict) => {
      verdicts.push(verdict);
      onVerdict(verdict);
    };
    for (const [index, linter] of LINTERS.entries()) {
      note(
        await runLinter(linter, repositories, path.join(folder, String(index))),
      );
    }
    const promises = path.join(folder, 'promises');
    fs.mkdirSync(promises);
    note(
      await checkPromises(
        repositories,
        promises,
        options.directoryOf ?? (repository => writeOut(repository, promises)),
      ),
    );
    note(await checkManifests(repositories, path.join(folder, 'manifests')));
    return verdicts;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Repository} repository @param {string} folder */
function writeOut({ label, files }, folder) {
  const directory = path.join(folder, label.replace(/[^\w-]/g, '_'));
  for (const [name, { content }] of files) {
    const target = path.join(directory, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, content);
  }
  return directory;
}
