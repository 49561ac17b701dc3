// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  allModelCombinations,
  manifestsCombinations,
  modelCandidates,
  pairwiseModelCombinations,
  triplewiseModelCombinations,
} from './combinations.mjs';
import { tuplesOf } from './covering.mjs';
import { lintRepositories } from './linters.mjs';
import { checkOwnTools } from './ownTools.mjs';

import { checkReport } from './report.mjs';
import { readRepository } from './repository.mjs';
import { renderAll } from './workers.mjs';

/** @typedef {import('./combinations.mjs').Combination} Combination */

/**
 * What the suite found; a combination is one test.
 *
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} reasons
 */

/** How many failures are told with the values that bring them about again. */
const MOST_TOLD = 12;

class Matrix {
  /** @type {Result} */
  result = { passed: 0, failed: 0, skipped: 0, reasons: [] };

  /** @type {Map<string, Combination[]>} */
  #failures = new Map();

  /** @param {string} title @param {Combination[]} combinations @param {string[][]} findings */
  judge(title, combinations, findings) {
    const failed = findings.filter(each => each.length > 0).length;
    this.result.passed += combinations.length - failed;
    this.result.failed += failed;
    console.log(
      `${failed === 0 ? '✓' : '✗'} ${title}${failed ? `: ${failed} of them fail` : ''}`,
    );
    findings.forEach((each, index) =>
      each.forEach(finding => {
        const known = this.#failures.get(finding) ?? [];
        this.#failures.set(finding, [...known, combinations[index]]);
      }),
    );
  }

  /** @param {string} title @param {string[]} findings */
  check(title, findings) {
    this.result[findings.length === 0 ? 'passed' : 'failed'] += 1;
    console.log(`${findings.length === 0 ? '✓' : '✗'} ${title}`);
    findings.forEach(finding => console.log(finding.replace(/^/gm, '    ')));
  }

  /** @param {string} reason */
  skip(reason) {
    this.result.skipped += 1;
    this.result.reasons.push(reason);
  }

  /** Each finding once, with the first combination that has it. */
  tellFailures() {
    const all = [...this.#failures];
    for (const [finding, combinations] of all.slice(0, MOST_TOLD)) {
      console.log(`\n✗ in ${combinations.length} combinations: ${finding}`);
      console.log(`  To see it: ${reproduce(combinations[0])}`);
    }
    if (all.length > MOST_TOLD) {
      console.log(`\n… and ${all.length - MOST_TOLD} more kinds of finding`);
    }
    this.#failures.clear();
  }
}

/** @param {Combination} combination */
function reproduce({ template, values }) {
  const text = JSON.stringify(values).replaceAll("'", "'\\''");
  return `echo '${text}' | npm run --silent template -- render ${template} --values - --out DIR && npm run --silent template -- check DIR`;
}

/**
 * The pairs (triples for 3) of choices that could meet, and do in none of the chosen.
 *
 * @param {Combination[]} candidates
 * @param {Combination[]} chosen
 * @param {number} strength
 */
function missingTuples(candidates, chosen, strength) {
  const covered = new Set(
    chosen.flatMap(({ axes }) => tuplesOf(axes, strength)),
  );
  const missing = new Set();
  for (const { axes } of candidates) {
    for (const tuple of tuplesOf(axes, strength)) {
      if (!covered.has(tuple)) {
        missing.add(tuple);
      }
    }
  }
  return [...missing];
}

/**
 * Renders combinations whole and holds each against every linter.
 *
 * @param {Matrix} matrix
 * @param {string} title
 * @param {Combination[]} combinations
 */
async function proveWhole(matrix, title, combinations) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-matrix-'));
  try {
    const jobs = combinations.map((combination, index) => ({
      combination,
      directory: path.join(folder, String(index)),
    }));
    const findings = await renderAll(jobs);
    const repositories = jobs
      .filter(({ directory }) => fs.existsSync(directory))
      .map(({ directory }) => readRepository(directory));
    const verdicts = await lintRepositories(repositories, {
      directoryOf: ({ label }) => label,
    });
    for (const { linter, skipped, findings: found, checked } of verdicts) {
      if (skipped) {
        matrix.skip(`${linter} on ${title}: ${skipped}`);
      } else if (checked.size > 0) {
        console.log(
          `  ${found.size === 0 ? '✓' : '✗'} ${linter} (${checked.size} repositories)`,
        );
      }
      for (const [label, texts] of found) {
        findings[Number(path.basename(label))].push(
          ...texts.map(text => `${linter}: ${text}`),
        );
      }
    }
    if (combinations.some(({ template }) => template === 'infra-manifests')) {
      await runOwnTools(matrix, title, repositories, findings);
    }
    matrix.judge(title, combinations, findings);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Matrix} matrix
 * @param {string} title
 * @param {import('./repository.mjs').Repository[]} repositories
 * @param {string[][]} findings
 */
async function runOwnTools(matrix, title, repositories, findings) {
  const queue = [...repositories];
  let reason;
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { skipped, findings: found } = await checkOwnTools(next);
      reason ??= skipped;
      findings[Number(path.basename(next.label))].push(
        ...found.map(text => `its own make check: ${text}`),
      );
    }
  };
  await Promise.all([work(), work()]);
  if (reason) {
    matrix.skip(`make check on ${title}: ${reason}`);
  } else {
    console.log(`  ✓ its own make check (${repositories.length} repositories)`);
  }
}

/**
 * The suite `templates`.
 *
 * @param {{ update?: boolean, all?: boolean }} [options] `update` writes docs/templates.md; `all`
 *   renders every combination in place of those in which every three choices meet.
 * @returns {Promise<Result>}
 */
export async function runMatrix({ update = false, all: every = false } = {}) {
  const matrix = new Matrix();
  const all = allModelCombinations();
  const candidates = modelCandidates();
  const pairwise = pairwiseModelCombinations(candidates);
  const triplewise = triplewiseModelCombinations(candidates);
  const manifests = manifestsCombinations();

  matrix.check(
    `every pair of choices meets in ${pairwise.length} combinations`,
    missingTuples(candidates, pairwise, 2),
  );
  matrix.check(
    `every three choices meet in ${triplewise.length} combinations`,
    missingTuples(candidates, triplewise, 3),
  );
  await proveWhole(
    matrix,
    `${pairwise.length} pairwise combinations of model-service, rendered and linted`,
    pairwise,
  );
  await proveWhole(
    matrix,
    `${manifests.pairwise.length} pairwise combinations of infra-manifests, rendered and linted`,
    manifests.pairwise,
  );
  matrix.tellFailures();
  const rendered = [...(every ? all : triplewise), ...manifests.all];
  matrix.judge(
    `${every ? `all ${all.length}` : `${triplewise.length} of ${all.length}`} combinations of model-service and all ${manifests.all.length} of infra-manifests, rendered`,
    rendered,
    await renderAll(rendered.map(combination => ({ combination }))),
  );
  matrix.tellFailures();
  matrix.check(
    'docs/templates.md is up to date',
    await checkReport({ all, pairwise, triplewise, manifests }, update),
  );
  return matrix.result;
}
