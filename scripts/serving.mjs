// SPDX-License-Identifier: Apache-2.0

// How an inference service is and why, from a file of Kubernetes objects. Started by
// `npm run serving` through scripts/greenroom.mjs; bundled once, as a score starts it often.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './lib/bundle.mjs';

const HELP = `How is an inference service, and why? Offline: nothing leaves this machine, no cluster is asked.

  npm run --silent serving -- explain FILE [--name NAMESPACE/NAME] [--logs DIR] [--json]
        FILE         what kubectl get … -o json (or yaml) prints: a List, one object, or documents
                     separated by ---. InferenceService, LLMInferenceService or InferenceGraph, and of
                     its namespace what there is: pods, events, deployments, revisions, routes.
        --name       which of them; may be left out where FILE has one
        --logs DIR   logs of containers, each as POD_CONTAINER.txt
        --json       { state, sentence, reasons, evidence: [{ source, quote }], next, traffic }

Exit code: 0, explained; 2, something given here cannot be used.
`;

/** What was given cannot be used, and what would be right. */
class UsageError extends Error {}

/** npm runs a script in the package's folder, and tells where it was typed. @param {string} file */
const resolve = file => path.resolve(process.env.INIT_CWD ?? '.', file);

/** @param {() => string[] | string} read @param {string} what @returns {any} */
function readOrSay(read, what) {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new UsageError(`${what} cannot be read (${code}).`);
  }
}

/** @param {string} text @param {string} file @returns {Promise<unknown[]>} */
async function parseDocuments(text, file) {
  try {
    return [JSON.parse(text)];
  } catch (jsonError) {
    const { parseAllDocuments } = await import('yaml');
    const documents = parseAllDocuments(text, { logLevel: 'silent' });
    const problem = documents.flatMap(({ errors }) => errors)[0];
    if (!problem) {
      return documents.map(document => document.toJS({ maxAliasCount: 100 }));
    }
    const why = text.trimStart().startsWith('{') ? jsonError : problem;
    throw new UsageError(
      `FILE ${file} is neither JSON nor YAML: ${why instanceof Error ? why.message.split('\n')[0] : why}`,
    );
  }
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = value =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects of a List, of a list of objects, or of one. @param {unknown} document @param {string} where @returns {Record<string, unknown>[]} */
function listObjects(document, where) {
  if (document === null || document === undefined) {
    return [];
  }
  const list = Array.isArray(document)
    ? document
    : isObject(document) && 'items' in document
      ? document.items
      : undefined;
  if (list !== undefined && !Array.isArray(list)) {
    throw new UsageError(
      `${where}.items must be a list of Kubernetes objects, not ${list === null ? 'null' : typeof list}.`,
    );
  }
  if (list) {
    return list.flatMap((item, index) =>
      listObjects(item, `${where}.items[${index}]`),
    );
  }
  if (!isObject(document) || typeof document.kind !== 'string') {
    throw new UsageError(
      `${where}.kind is missing: a Kubernetes object has apiVersion, kind and metadata, as kubectl get -o json prints it.`,
    );
  }
  return [document];
}

/** @param {string} directory @returns {Record<string, string>} */
function readLogs(directory) {
  const folder = resolve(directory);
  const files = readOrSay(
    () => fs.readdirSync(folder),
    `--logs ${directory} must be a folder with POD_CONTAINER.txt; it`,
  );
  return Object.fromEntries(
    files
      .filter((/** @type {string} */ file) => file.endsWith('.txt'))
      .map((/** @type {string} */ file) => [
        file.slice(0, -'.txt'.length),
        readOrSay(
          () => fs.readFileSync(path.join(folder, file), 'utf8'),
          `The log ${file}`,
        ),
      ]),
  );
}

const KINDS = ['InferenceService', 'LLMInferenceService', 'InferenceGraph'];

/** Whether FILE may be asked about it; a Knative Service is none. @param {Record<string, unknown>} object */
const isExplained = ({ kind, apiVersion }) =>
  KINDS.includes(String(kind)) && String(apiVersion).startsWith('serving.k');

/** @param {any} object */
const nameOf = object =>
  `${object.metadata?.namespace ?? ''}/${object.metadata?.name ?? ''}`;

/** @param {string | undefined} asked @param {Record<string, unknown>[]} services */
function chooseName(asked, services) {
  const names = [...new Set(services.map(nameOf))];
  const list = names.length
    ? `FILE has ${names.join(', ')}.`
    : 'FILE has none.';
  if (asked === undefined) {
    if (names.length !== 1) {
      throw new UsageError(
        `--name NAMESPACE/NAME must say which InferenceService is meant. ${list}`,
      );
    }
    return names[0];
  }
  if (!/^[^/\s]+\/[^/\s]+$/.test(asked)) {
    throw new UsageError(
      `--name must be NAMESPACE/NAME, not "${asked}". ${list}`,
    );
  }
  if (!names.includes(asked)) {
    throw new UsageError(
      `--name: there is no InferenceService, LLMInferenceService or InferenceGraph ${asked}. ${list}`,
    );
  }
  return asked;
}

/** The latest time that stands in the objects: a file is read as of when it was written. @param {unknown} objects */
function findNow(objects) {
  let latest = 0;
  JSON.stringify(objects, (_key, value) => {
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) {
      latest = Math.max(latest, Date.parse(value) || 0);
    }
    return value;
  });
  return latest;
}

/** @param {any} explanation @param {string} name */
function toText({ state, sentence, reasons, evidence, next, traffic }, name) {
  const also = reasons.filter((/** @type {string} */ one) => one !== sentence);
  /** @param {string} title @param {string[]} lines */
  const part = (title, lines) =>
    lines.length
      ? `\n${title}\n${lines.map(line => `  ${line}\n`).join('')}`
      : '';
  return [
    `${name}: ${state}\n${sentence}\n`,
    part(
      'Proof',
      evidence.map(
        (/** @type {any} */ one) => `${one.source}\n    ${one.quote}`,
      ),
    ),
    part('Next', next ? [next] : []),
    part('Also', also),
    part(
      'Traffic',
      (traffic ?? []).map(
        (/** @type {any} */ one) => `${one.percent} %  ${one.revision}`,
      ),
    ),
  ].join('');
}

/** @param {string[]} args */
async function explain(args) {
  const { values, positionals } = (() => {
    try {
      return parseArgs({
        args,
        allowPositionals: true,
        options: {
          name: { type: 'string' },
          logs: { type: 'string' },
          json: { type: 'boolean' },
        },
      });
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : `${error}`);
    }
  })();
  const [file, ...more] = positionals;
  if (!file || more.length) {
    throw new UsageError(
      file
        ? `explain takes one FILE, not also ${more.join(' ')}.`
        : 'explain needs FILE: what kubectl get -o json prints.',
    );
  }
  const text = readOrSay(
    () => fs.readFileSync(resolve(file), 'utf8'),
    `FILE ${file}`,
  );
  const documents = await parseDocuments(text, file);
  const objects = documents.flatMap((document, index) =>
    listObjects(
      document,
      documents.length > 1 ? `document ${index + 1}` : 'FILE',
    ),
  );
  const { explainInferenceService } = await import(
    pathToFileURL(
      await bundle({
        name: 'serving',
        entry: 'plugins/kserve-common/src/explainInferenceService.ts',
        packages: ['plugins/kserve-common'],
      }),
    ).href
  );
  const name = chooseName(values.name, objects.filter(isExplained));
  const slash = name.indexOf('/');
  const explanation = explainInferenceService({
    objects,
    subject: { namespace: name.slice(0, slash), name: name.slice(slash + 1) },
    logs: values.logs === undefined ? {} : readLogs(values.logs),
    now: findNow(objects),
  });
  process.stdout.write(
    values.json
      ? `${JSON.stringify(explanation, null, 2)}\n`
      : toText(explanation, name),
  );
}

const [command, ...rest] = process.argv.slice(2);
// A pager that was closed wants no more.
process.stdout.on('error', () => process.exit(0));
if (
  !command ||
  ['help', '--help', '-h'].includes(command) ||
  rest.includes('--help')
) {
  process.stdout.write(HELP);
  process.exitCode = command ? 0 : 2;
} else {
  try {
    if (command !== 'explain') {
      throw new UsageError(
        `There is no command "${command}"; there is explain.`,
      );
    }
    await explain(rest);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
