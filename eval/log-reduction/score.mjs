#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0

// Scores a log reducer on labelled, real CI failure logs.
//
//   node score.mjs [--data DIR] [--json] -- COMMAND [ARG ...]
//
// COMMAND is started once per run. It reads one JSON object per line on stdin:
//   {"id": "...", "log": "/abs/fail.log", "baseline": "/abs/pass.log" | null, "budgetTokens": 4000}
// and answers one JSON object per line on stdout, in any order:
//   {"id": "...", "lines": [12, [18, 61], ...]}      1-based line numbers or inclusive ranges to keep
//
// A line ends at \r\n, a lone \r, or \n. A kept line costs floor(chars / 4) + 1 tokens, counted after
// the leading timestamp and ANSI colour codes are removed. An answer over its budget scores 0 on that case.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const TIMESTAMP =
  /^(?:[^\t]*\t[^\t]*\t)?\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z ?/;
const ANSI = /\x1b?\[[0-9;]*[mKG]/g;
const plain = line => line.replace(TIMESTAMP, '').replace(ANSI, '');
const tokens = line => Math.floor(plain(line).length / 4) + 1;

const readLines = file => {
  const lines = readFileSync(file, 'utf8').split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

const parseGroundTruth = file => {
  const error = new Set();
  const context = new Set();
  const blocks = [];
  for (const row of readFileSync(file, 'utf8').split('\n')) {
    const m = /^([EC])\s+(\d+)(?:-(\d+))?/.exec(row.trim());
    if (!m) continue;
    const [from, to] = [Number(m[2]), Number(m[3] ?? m[2])];
    if (m[1] === 'E') blocks.push([from, to]);
    for (let i = from; i <= to; i++) (m[1] === 'E' ? error : context).add(i);
  }
  return { error, context, blocks };
};

function loadCases(data) {
  const cases = [];
  const cidiff = path.join(data, 'cidiff');
  if (existsSync(cidiff)) {
    for (const name of readdirSync(cidiff).sort()) {
      const dir = path.join(cidiff, name);
      if (!existsSync(path.join(dir, 'groundtruth'))) continue;
      const truth = parseGroundTruth(path.join(dir, 'groundtruth'));
      if (truth.error.size === 0) continue;
      cases.push({
        id: `cidiff/${name}`,
        kind: 'cidiff',
        truth,
        log: path.join(dir, 'fail.log'),
        baseline: path.join(dir, 'pass.log'),
      });
    }
  }
  const bugswarm = path.join(data, 'bugswarm', 'labels.json');
  if (existsSync(bugswarm)) {
    for (const row of JSON.parse(readFileSync(bugswarm, 'utf8'))) {
      const log = path.join(data, 'bugswarm', row.file);
      const text = readLines(log).map(plain).join('\n');
      const names = row.failedTests.filter(n => text.includes(n));
      if (names.length)
        cases.push({
          id: `bugswarm/${row.file}`,
          kind: 'bugswarm',
          names,
          log,
          baseline: null,
        });
    }
  }
  if (cases.length === 0) throw new Error(`no cases under ${data}`);
  return cases;
}

const BUDGETS = { cidiff: [1000, 2000, 4000], bugswarm: [2000, 4000] };

async function runReducer(command, requests) {
  const child = spawn(command[0], command.slice(1), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const failed = new Promise((_, reject) => child.on('error', reject));
  const answers = new Map();
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.trim().startsWith('{')) continue;
      const { id, lines } = JSON.parse(line);
      const kept = new Set();
      for (const l of lines) {
        if (Array.isArray(l)) for (let i = l[0]; i <= l[1]; i++) kept.add(i);
        else kept.add(l);
      }
      answers.set(id, kept);
    }
  })();
  for (const r of requests) child.stdin.write(`${JSON.stringify(r)}\n`);
  child.stdin.end();
  await Promise.race([read, failed]);
  return answers;
}

const tailBaseline = (lines, budget) => {
  const kept = new Set();
  let used = 0;
  for (let i = lines.length; i >= 1; i--) {
    used += tokens(lines[i - 1]);
    if (used > budget) break;
    kept.add(i);
  }
  return kept;
};

function judge(c, lines, kept, budget) {
  let used = 0;
  for (const n of kept ?? []) {
    if (!Number.isInteger(n) || n < 1 || n > lines.length)
      return { over: true };
    used += tokens(lines[n - 1]);
  }
  if (!kept || used > budget) return { over: true };
  if (c.kind === 'bugswarm') {
    const text = [...kept]
      .sort((a, b) => a - b)
      .map(n => plain(lines[n - 1]))
      .join('\n');
    return {
      names: c.names.filter(n => text.includes(n)).length / c.names.length,
    };
  }
  const { error, context, blocks } = c.truth;
  const hit = [...error].filter(n => kept.has(n)).length;
  return {
    recall: hit / error.size,
    block:
      blocks.filter(([a, b]) => {
        for (let i = a; i <= b; i++) if (kept.has(i)) return true;
        return false;
      }).length / blocks.length,
    first: kept.has(Math.min(...error)) ? 1 : 0,
    precision: kept.size
      ? [...kept].filter(n => error.has(n) || context.has(n)).length / kept.size
      : 0,
  };
}

const mean = (rows, key) =>
  rows.reduce((s, r) => s + (r[key] ?? 0), 0) / rows.length;

const argv = process.argv.slice(2);
const split = argv.indexOf('--');
const own = split < 0 ? argv : argv.slice(0, split);
const command = split < 0 ? [] : argv.slice(split + 1);
const dataAt = own.indexOf('--data');
const data =
  dataAt < 0
    ? path.dirname(fileURLToPath(import.meta.url))
    : path.resolve(own[dataAt + 1]);
const cases = loadCases(data);
const requests = cases.flatMap(c =>
  BUDGETS[c.kind].map(b => ({
    id: `${c.id}@${b}`,
    log: c.log,
    baseline: c.baseline,
    budgetTokens: b,
  })),
);
const started = performance.now();
const answers = command.length ? await runReducer(command, requests) : null;
const seconds = (performance.now() - started) / 1000;

const table = [];
for (const kind of ['cidiff', 'bugswarm']) {
  const of = cases.filter(c => c.kind === kind);
  if (of.length === 0) continue;
  for (const budget of BUDGETS[kind]) {
    for (const who of answers ? ['tail', 'reducer'] : ['tail']) {
      const rows = of.map(c => {
        const lines = readLines(c.log);
        return judge(
          c,
          lines,
          who === 'tail'
            ? tailBaseline(lines, budget)
            : answers.get(`${c.id}@${budget}`),
          budget,
        );
      });
      table.push({
        set: kind,
        cases: of.length,
        budget,
        who,
        overBudgetOrMissing: rows.filter(r => r.over).length,
        ...(kind === 'cidiff'
          ? {
              recall: mean(rows, 'recall'),
              block: mean(rows, 'block'),
              first: mean(rows, 'first'),
              precision: mean(rows, 'precision'),
            }
          : { names: mean(rows, 'names') }),
      });
    }
  }
}
if (own.includes('--json'))
  console.log(JSON.stringify({ seconds, table }, null, 1));
else {
  for (const r of table) {
    console.log(
      [
        r.set.padEnd(8),
        `n=${r.cases}`,
        String(r.budget).padStart(5),
        r.who.padEnd(7),
        ...['recall', 'block', 'first', 'precision', 'names']
          .filter(k => k in r)
          .map(k => `${k} ${r[k].toFixed(3)}`),
        r.overBudgetOrMissing
          ? `over budget or missing: ${r.overBudgetOrMissing}`
          : '',
      ].join('  '),
    );
  }
  if (answers)
    console.log(
      `reducer took ${seconds.toFixed(1)} s for ${requests.length} requests`,
    );
}
