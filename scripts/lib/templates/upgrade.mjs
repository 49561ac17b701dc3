// SPDX-License-Identifier: Apache-2.0
import http from 'node:http';
import path from 'node:path';
import { Clone, RECORD_PATH } from './clone.mjs';
import { hostsOf } from './render.mjs';
import { requireReady } from './requireReady.mjs';
import { Refusal, loadTemplate } from './templateFiles.mjs';
import { describeUpgrade } from './upgradeReport.mjs';

const TEMPLATE = 'model-service';

/**
 * `template upgrade`: merges today's template into a clone of a repository that an earlier one made.
 *
 * @param {{ directory: string, set: string[], dryRun: boolean, cwd: string }} options
 * @returns {Promise<number>} 1 where there are conflicts.
 */
export async function upgradeCommand({ directory, set, dryRun, cwd }) {
  const clone = new Clone(path.resolve(cwd, directory));
  const current = requireReady(clone);
  const record = requireRecord(clone);
  const base = clone.findBase();
  if (!base) {
    throw new Refusal(
      `The history has no commit that made this repository from a template: none added ${RECORD_PATH} as the template wrote it.`,
    );
  }
  const baseRecord = clone.readRecord(base.commit) ?? record;
  const template = loadTemplate(TEMPLATE);
  const answers = await readAnswers(record, set);
  const table = tableOf(clone, base.commit, record);
  const files = await render(template, answers, record, {
    table,
    packageSource: packageSourceOf(clone, base.commit),
  });
  if (table) {
    files.set(table.file, { content: table.content });
  }
  const rendered = JSON.parse(
    files.get(RECORD_PATH)?.content.toString() ?? '{}',
  );

  /** @param {string | undefined} parent */
  const treeWith = parent =>
    clone.writeTree(
      new Map(files).set(RECORD_PATH, {
        content: formatRecord(rendered, record.mark, parent),
      }),
    );
  const isUpToDate = treeWith(baseRecord.base) === treeOf(clone, base.commit);
  if (isUpToDate) {
    process.stdout.write(
      `✓ Already up to date: ${record.template} ${rendered.version}, with the same answers.\n`,
    );
    return 0;
  }
  const tree = treeWith(base.commit);
  const message = `Upgrade to ${template.entity.metadata.title} ${rendered.version}`;
  const branch = `greenroom/upgrade-${rendered.version}`;
  // A commit that no branch holds: what a dry run leaves, git removes by itself.
  const commit = dryRun
    ? clone.git(['commit-tree', tree, '-p', base.commit, '-m', message])
    : clone.commitOnBranch({ branch, base: base.commit, tree, message });
  const { tree: mergedTree, conflicts } = clone.previewMerge(commit);
  const changes = clone.compare(base.commit, commit);
  const stopped = dryRun ? '' : clone.merge(branch, message);
  process.stdout.write(
    describeUpgrade({
      from: baseRecord,
      to: rendered,
      base,
      changes,
      conflicts,
      stopped,
      broken: findBroken(clone, mergedTree, changes, conflicts),
      branch,
      current,
      dryRun,
    }),
  );
  return conflicts.length > 0 || stopped ? 1 : 0;
}

/** @param {Clone} clone @param {string} commit */
const treeOf = (clone, commit) => clone.git(['rev-parse', `${commit}^{tree}`]);

/**
 * What merges by itself and yet names a Python module that is gone.
 *
 * @param {Clone} clone @param {string} tree @param {ReturnType<Clone['compare']>} changes
 * @param {import('./clone.mjs').Conflict[]} conflicts
 */
function findBroken(clone, tree, changes, conflicts) {
  const removed = changes
    .filter(({ status }) => status === 'D')
    .map(({ file }) => /^src\/(\w+)\/(\w+)\.py$/.exec(file))
    .filter(match => match !== null);
  const inConflict = new Set(conflicts.map(({ file }) => file));
  return clone
    .findUses(
      tree,
      removed[0]?.[1] ?? '',
      removed.map(([, , name]) => name),
    )
    .filter(file => !inConflict.has(file));
}

/** @param {Clone} clone */
function requireRecord(clone) {
  const record = clone.readRecord('HEAD');
  if (!record) {
    throw new Refusal(
      clone.readFile('HEAD', RECORD_PATH)
        ? `${RECORD_PATH} is not what a template wrote: take it back from the history by git log -- ${RECORD_PATH}`
        : `There is no ${RECORD_PATH}: this repository was not made by a template of Greenroom, or by one that kept no answers.`,
    );
  }
  if (record.template !== `template:default/${TEMPLATE}`) {
    throw new Refusal(
      `${record.template} made this repository; only those of template:default/${TEMPLATE} can be upgraded.`,
    );
  }
  return record;
}

/** @param {import('./clone.mjs').TemplateRecord} record @param {string[]} set */
async function readAnswers(record, set) {
  // Loaded late: what is refused before needs none of Backstage.
  const { require } = await import('./require.mjs');
  const {
    changeAnswer,
    toModelAnswers,
  } = require('@greenroom/plugin-scaffolder-ml-common');
  try {
    return set.reduce((answers, text) => {
      const [name, ...value] = text.split('=');
      if (value.length === 0) {
        throw new Error(`give ${text}=VALUE`);
      }
      return changeAnswer(answers, name, value.join('='));
    }, toModelAnswers(record.values));
  } catch (error) {
    throw new Refusal(`--set: ${/** @type {Error} */ (error).message}.`);
  }
}

/**
 * The table that the repository was made with; the owner's later one is theirs.
 *
 * @param {Clone} clone @param {string} base @param {import('./clone.mjs').TemplateRecord} record
 */
function tableOf(clone, base, { values }) {
  const file = `data/${values.name}.csv`;
  const content =
    values.dataset === 'csv' ? clone.readFile(base, file) : undefined;
  return content && { file, content };
}

/**
 * Where the repository has greenroom-ml from, which is its portal's setting and in no answer.
 *
 * @param {Clone} clone @param {string} base
 */
function packageSourceOf(clone, base) {
  const read = (/** @type {string} */ file) =>
    clone.readFile(base, file)?.toString() ?? '';
  if (!/^greenroom-ml ==/m.test(read('requirements.in'))) {
    return undefined;
  }
  const indexUrl = /^export UV_INDEX := (\S+)$/m.exec(read('Makefile'))?.[1];
  return { source: 'index', ...(indexUrl && { indexUrl }) };
}

/**
 * @param {import('./templateFiles.mjs').LoadedTemplate} template
 * @param {Record<string, any>} answers
 * @param {import('./clone.mjs').TemplateRecord} record
 * @param {{ table: ReturnType<typeof tableOf>, packageSource: ReturnType<typeof packageSourceOf> }} options
 */
async function render(template, answers, record, { table, packageSource }) {
  const server = table && (await serveTable(table.content));
  const csvUrl = server?.url ?? answers.data.csvUrl ?? record.values.dataUrl;
  const given = {
    ...answers,
    data: { ...answers.data, ...(csvUrl && { csvUrl }) },
  };
  try {
    const { checkValues } = await import('./form.mjs');
    const problems = checkValues(template.entity, given).map(
      ({ field, message }) => (field ? `${field}: ${message}` : message),
    );
    if (problems.length > 0) {
      throw new Refusal(problems.join('\n'));
    }
    const { startEngine } = await import('./engine.mjs');
    const engine = await startEngine({
      ...hostsOf(given),
      packageSource,
      mlflowInstance: String(record.values.mlflowInstance ?? 'default'),
    });
    try {
      return await engine.render(template, given);
    } finally {
      await engine.stop();
    }
  } catch (error) {
    throw error instanceof Refusal
      ? new Refusal(
          `Today's template does not take the recorded answers:\n${error.message}\nGive another answer by --set, for example --set gate.threshold=0.9`,
        )
      : error;
  } finally {
    server?.stop();
  }
}

/**
 * Gives a table to the engine by an address, which takes more of it than a form does.
 *
 * @param {Buffer} content
 */
async function serveTable(content) {
  const server = http.createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/csv' }).end(content);
  });
  await new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (
    server.address()
  );
  return {
    url: `http://127.0.0.1:${port}/table.csv`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * As the portal writes it, with the portal's mark kept.
 *
 * @param {import('./clone.mjs').TemplateRecord} rendered
 * @param {string | undefined} mark
 * @param {string | undefined} base
 */
function formatRecord({ template, version, values }, mark, base) {
  return Buffer.from(
    `${JSON.stringify({ template, version, mark, base, values }, null, 2)}\n`,
  );
}
