// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { Refusal } from './templateFiles.mjs';

const RECORD = '.greenroom/template.json';

/**
 * A rendered repository.
 *
 * @typedef {object} Repository
 * @property {string} label Tells it from others.
 * @property {string} template The template's name.
 * @property {Record<string, any>} answers What the record says it was made from.
 * @property {Map<string, { content: Buffer, executable?: boolean }>} files By path.
 */

// What is in a folder after its own tools have run, and no part of the repository.
const LEFT_BY_TOOLS = new Set(
  `.git .build .tools .venv .venv-serve .pytest_cache .ruff_cache __pycache__
  mlflow.db mlruns model reports .coverage`.split(/\s+/),
);

/** Reads a rendered repository from a folder. @param {string} directory @returns {Repository} */
export function readRepository(directory) {
  if (!fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Refusal(`There is no folder ${directory}.`);
  }
  const files = new Map();
  /** @param {string} folder */
  const visit = folder => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (LEFT_BY_TOOLS.has(entry.name)) {
        continue;
      }
      if (entry.isDirectory()) {
        visit(file);
      } else if (entry.isFile()) {
        files.set(path.relative(directory, file), {
          content: fs.readFileSync(file),
          executable: (fs.statSync(file).mode & 0o100) !== 0,
        });
      }
    }
  };
  visit(directory);
  return makeRepository(directory, files);
}

/**
 * @param {string} label
 * @param {Repository['files']} files
 * @returns {Repository}
 */
export function makeRepository(label, files) {
  let record;
  try {
    record = JSON.parse(files.get(RECORD)?.content.toString('utf8') ?? '');
  } catch {
    throw new Refusal(
      `${label} has no ${RECORD} that says which template made it.`,
    );
  }
  return {
    label,
    template: String(record.template).split('/').at(-1) ?? '',
    answers: {
      ...record.values,
      templateRef: record.template,
      templateVersion: record.version,
    },
    files,
  };
}

const LOWER_IS_BETTER = new Set(['rmse', 'mae']);

/**
 * The values that the skeleton of model-service was rendered with, worked out from the record
 * anew, so that what the actions made of the answers is held against them.
 *
 * @param {Repository} repository
 * @returns {Record<string, any>}
 */
export function skeletonValues({ answers }) {
  const [repoHost, repoOwner, repoName] = answers.repository.split('/');
  const image =
    answers.registry === 'docker-hub'
      ? `docker.io/${answers.registryNamespace || repoOwner}/${repoName}`
      : `ghcr.io/${repoOwner}/${repoName}`;
  return {
    ...answers,
    packageName: answers.name.replaceAll('-', '_'),
    team: answers.owner.split('/').at(-1),
    csvFile: answers.dataset === 'csv' ? `data/${answers.name}.csv` : '',
    direction: LOWER_IS_BETTER.has(answers.metric) ? 'minimize' : 'maximize',
    environments: answers.environments.split('-'),
    image: answers.serving === 'image' ? image.toLowerCase() : '',
    manifestsRepository: `${repoOwner}/${answers.manifestsRepository}`,
    experimentName: answers.name,
    registeredModel: answers.name,
    repoHost,
    repoOwner,
    repoName,
    repoUrl: `https://${repoHost}/${repoOwner}/${repoName}`,
  };
}
