// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root, run } from '../run.mjs';
import { getTool } from '../tools.mjs';
import { addFinding, emptyVerdict } from './linters.mjs';

/** @typedef {import('./repository.mjs').Repository} Repository */

const SKELETON = path.join(root, 'templates/infra-manifests/skeleton');

const NOTHING = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [namespace.yaml]
`;
const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: empty
`;

/**
 * Builds the manifests of models as infra-manifests does after the first hand-off, and holds them
 * against its schemas and kube-score, with its own tools: all models in one repository, each
 * distinct set once.
 *
 * @param {Repository[]} repositories
 * @param {string} folder
 * @returns {Promise<import('./linters.mjs').Verdict>}
 */
export async function checkManifests(repositories, folder) {
  const verdict = emptyVerdict('kustomize, kubeconform, kube-score');
  const models = stageModels(
    repositories.filter(({ template }) => template === 'model-service'),
    folder,
  );
  if (models.size === 0) {
    return verdict;
  }
  const tools = await Promise.all(
    ['python', 'kustomize', 'kubeconform', 'kube-score'].map(getTool),
  );
  const missing = tools.find(tool => !tool.path);
  if (missing) {
    return { ...verdict, skipped: `${missing.name}: ${missing.reason}` };
  }
  const [python, kustomize, kubeconform, score] = tools.map(
    tool => tool.path ?? '',
  );
  for (const part of ['tools', 'schemas']) {
    fs.cpSync(path.join(SKELETON, part), path.join(folder, part), {
      recursive: true,
    });
  }
  for (const part of ['argocd', 'platform']) {
    fs.mkdirSync(path.join(folder, part), { recursive: true });
    fs.writeFileSync(path.join(folder, part, 'kustomization.yaml'), NOTHING);
    fs.writeFileSync(path.join(folder, part, 'namespace.yaml'), NAMESPACE);
  }
  for (const labels of models.values()) {
    labels.forEach(label => verdict.checked.add(label));
  }
  for (const step of [
    ['tools/build.py', kustomize],
    ['tools/conform.py', 'schemas', kubeconform],
    ['tools/conform.py', 'score', score],
  ]) {
    const { code, output } = await run(python, ['-B', ...step], {
      cwd: folder,
      quiet: true,
    });
    if (code !== 0) {
      const lines = output.trim().split('\n');
      for (const [model, labels] of models) {
        const mine = lines.filter(line => line.startsWith(`models/${model}/`));
        const text = mine.join('\n').replaceAll(`models/${model}/`, 'deploy/');
        labels.forEach(label => text && addFinding(verdict, label, text));
      }
      if (verdict.findings.size === 0) {
        verdict.checked.forEach(label =>
          addFinding(verdict, label, output.trim()),
        );
      }
      break;
    }
  }
  return verdict;
}

/**
 * Every model gets a name of its own, since its folder has it.
 *
 * @param {Repository[]} repositories
 * @param {string} folder
 * @returns {Map<string, Set<string>>} Labels by model.
 */
function stageModels(repositories, folder) {
  /** @type {Map<string, { model: string, labels: Set<string> }>} */
  const sets = new Map();
  for (const { label, files, answers } of repositories) {
    const deploy = [...files]
      .filter(([file]) => file.startsWith('deploy/'))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const hash = createHash('sha1');
    deploy.forEach(([file, { content }]) =>
      hash.update(`${file}\0`).update(content),
    );
    const key = hash.digest('hex');
    const known = sets.get(key);
    if (known) {
      known.labels.add(label);
      continue;
    }
    const model = `model-${sets.size + 1}`;
    sets.set(key, { model, labels: new Set([label]) });
    for (const [file, { content }] of deploy) {
      const target = path.join(
        folder,
        'models',
        model,
        file.slice('deploy/'.length),
      );
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(
        target,
        content.toString('utf8').replaceAll(String(answers.name), model),
      );
    }
  }
  return new Map(
    [...sets.values()].map(({ model, labels }) => [model, labels]),
  );
}
