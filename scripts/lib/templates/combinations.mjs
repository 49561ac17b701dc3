// SPDX-License-Identifier: Apache-2.0
import { defaultValues } from './form.mjs';
import { coverTuples } from './covering.mjs';
import { require } from './require.mjs';
import { loadTemplate } from './templateFiles.mjs';

/**
 * Values of a form, and the choices that tell them from others.
 *
 * @typedef {object} Combination
 * @property {string} template
 * @property {import('./covering.mjs').Axes} axes
 * @property {Record<string, any>} values As the form sends them.
 */

/**
 * A table that needs its schema: separators, dates, words for yes and no, missing values.
 *
 * @param {{ plans: string[], words: [string, string] }} texts
 */
function makeTable({ plans, words }) {
  const rows = Array.from({ length: 240 }, (_, row) => {
    const age = 18 + ((row * 37) % 60);
    const revenue = 10 + ((row * 53) % 900) / 10;
    const stays = age / 2 + revenue > 60;
    return [
      `${String(1 + (row % 28)).padStart(2, '0')}.03.2024`,
      row % 17 === 3 ? 'NA' : age,
      ...(plans.length > 0 ? [plans[row % plans.length]] : []),
      row % 2 ? 'ja' : 'nein',
      revenue.toFixed(2).replace('.', ','),
      words[Number(stays)],
    ].join(';');
  });
  const plan = plans.length > 0 ? 'Tarif;' : '';
  const text = `Kunde seit;Alter;${plan}Newsletter;Umsatz €;Status\n${rows.join('\n')}\n`;
  return `data:text/csv;base64,${Buffer.from(text).toString('base64')}`;
}

const WITH_TEXTS = makeTable({
  plans: ['Basis', 'Plus', 'Größe L'],
  words: ['kündigt', 'bleibt'],
});
const NUMBERS_ONLY = makeTable({ plans: [], words: ['0', '1'] });

/** @param {any} choice @param {'bundled' | 'csv'} kind @param {number} turn Goes round the data sets and metrics. */
function dataAndGate({ task, model, delivery }, kind, turn) {
  const {
    BUNDLED_DATASETS,
    getGateMetrics,
    suggestThreshold,
  } = require('@greenroom/plugin-scaffolder-ml-common');
  const metrics = getGateMetrics(task);
  const metric = metrics[turn % metrics.length].name;
  const bundled = BUNDLED_DATASETS.filter(
    (/** @type {any} */ each) => each.task === task,
  );
  const dataset = bundled[turn % bundled.length];
  const data =
    kind === 'csv'
      ? {
          dataset: 'csv',
          target: task === 'classification' ? 'Status' : 'Umsatz €',
          task,
          csvName: 'Kunden.csv',
          csvUpload:
            delivery.serving === 'storage-uri' &&
            model.framework !== 'scikit-learn'
              ? NUMBERS_ONLY
              : WITH_TEXTS,
        }
      : { dataset: dataset.name, target: dataset.target, task };
  return {
    data,
    gate: { metric, threshold: suggestThreshold(data.dataset, metric) ?? 50 },
  };
}

/** @param {any} choice @param {'bundled' | 'csv'} kind @param {string} visibility @param {number} turn @returns {Combination} */
function modelCombination(choice, kind, visibility, turn) {
  const { task, model, delivery } = choice;
  return {
    template: 'model-service',
    axes: {
      framework: model.framework,
      format: model.format,
      serving: delivery.serving,
      registry: delivery.registry ?? 'none',
      mlflowAccess: delivery.mlflowAccess,
      environments: delivery.environments,
      canary: delivery.canary,
      driftMonitor: String(delivery.driftMonitor),
      gpu: String(delivery.gpu),
      task,
      data: kind,
      visibility,
    },
    values: JSON.parse(
      JSON.stringify({
        name: 'churn-model',
        description: 'Predicts which customers will leave.',
        owner: 'group:default/fraud-team',
        ...(turn % 2 ? { system: 'system:default/decisions' } : {}),
        ...dataAndGate(choice, kind, turn),
        model,
        delivery,
        repository: { host: 'github.com', owner: 'greenroom-demo', visibility },
      }),
    ),
  };
}

/** Every valid combination of the form's choices, once; the data take turns. @returns {Combination[]} */
export function allModelCombinations() {
  const { listChoices } = require('@greenroom/plugin-scaffolder-ml-common');
  return listChoices().map(
    (/** @type {any} */ choice, /** @type {number} */ index) =>
      modelCombination(
        choice,
        index % 2 ? 'csv' : 'bundled',
        'private',
        index >> 1,
      ),
  );
}

/** The same with every kind of data and every visibility that fits. @returns {Combination[]} */
export function modelCandidates() {
  const {
    checkChoices,
    listChoices,
  } = require('@greenroom/plugin-scaffolder-ml-common');
  let turn = 0;
  return listChoices().flatMap((/** @type {any} */ choice) =>
    ['private', 'internal', 'public']
      .filter(
        visibility => checkChoices({ ...choice, visibility }).length === 0,
      )
      .flatMap(visibility =>
        /** @type {const} */ (['bundled', 'csv']).map(kind =>
          modelCombination(choice, kind, visibility, turn++),
        ),
      ),
  );
}

/**
 * Few of them in which every pair of choices meets, the data and the visibility among them.
 *
 * @param {Combination[]} [candidates]
 * @returns {Combination[]}
 */
export function pairwiseModelCombinations(candidates = modelCandidates()) {
  return coverTuples(candidates, 2);
}

/**
 * Few of them in which every three choices meet that can be made together.
 *
 * @param {Combination[]} [candidates]
 * @returns {Combination[]}
 */
export function triplewiseModelCombinations(candidates = modelCandidates()) {
  return coverTuples(candidates, 3);
}

/** @param {Combination} combination */
function manifestsValues({ axes }) {
  return {
    ...defaultValues(loadTemplate('infra-manifests').entity),
    teams:
      axes.teams === 'one'
        ? ['group:default/fraud-team']
        : ['fraud-team', 'pricing', 'search'].map(
            team => `group:default/${team}`,
          ),
    environments: axes.environments,
    productionSync: axes.productionSync,
    images: axes.images === 'none' ? [] : ['docker.io/acme/'],
    ...(axes.cluster === 'own'
      ? {
          clusterServer: 'https://cluster.example.com:6443',
          argocdNamespace: 'gitops',
          gatewayName: 'edge',
          gatewayNamespace: 'edge-system',
          monitoringNamespace: 'observability',
          prometheusRelease: 'prometheus',
          portalUrl: 'https://portal.example.com',
        }
      : {}),
  };
}

/** The same for infra-manifests. @returns {{ all: Combination[], pairwise: Combination[] }} */
export function manifestsCombinations() {
  const all = [];
  for (const environments of ['dev-staging-prod', 'dev-prod', 'dev']) {
    for (const productionSync of ['automatic', 'manual']) {
      for (const teams of ['one', 'three']) {
        for (const images of ['none', 'Docker Hub']) {
          for (const cluster of ['plain', 'own']) {
            const combination = {
              template: 'infra-manifests',
              axes: { environments, productionSync, teams, images, cluster },
              values: {},
            };
            combination.values = manifestsValues(combination);
            all.push(combination);
          }
        }
      }
    }
  }
  return { all, pairwise: coverTuples(all, 2) };
}
