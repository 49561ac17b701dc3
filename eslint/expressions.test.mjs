// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { findPython } from '../packages/local-platform/bootstrap/python.mjs';
import {
  countWays,
  listAttacks,
  parseExpression,
  splitAlternatives,
} from './expressions/attackStrings.mjs';
import { findExpressions, listFiles } from './expressions/findExpressions.mjs';
import { findSlow } from './expressions/measure.mjs';

/** @type {typeof import('scslre')} */
const { analyse } = createRequire(import.meta.url)('scslre');
const root = path.resolve(import.meta.dirname, '..');

/**
 * @typedef {Pick<Expression, 'source' | 'flags'>} Pattern
 * @typedef {import('./expressions/findExpressions.mjs').Expression} Expression
 */
const script = path.join(root, 'eslint', 'expressions', 'expressions.py');

/** So few ways that no text makes an expression slow. */
const FEW_WAYS = 2000;

/** What the expression's automaton tells, the fastest way to know. @param {string} source @param {string} flags */
function isSuperLinear(source, flags) {
  const reportTypes = { Trade: true, Self: true, Move: true };
  const { reports } = analyse(
    { source, flags: flags.replace(/[dgyv]/g, '') },
    { reportTypes, maxReports: 1 },
  );
  return reports.length > 0;
}

/** Why an expression takes more than linear time; undefined where it does not. @param {Pattern} expression */
function judge({ source, flags }) {
  // Where it is sticky it is not looked for elsewhere.
  if (!flags.includes('y') && isSuperLinear(source, flags)) {
    return 'its automaton says so';
  }
  for (const part of splitAlternatives(source, flags)) {
    if (countWays(parseExpression(part, flags)) > FEW_WAYS) {
      const attacks = listAttacks(part, flags);
      const slow = findSlow(new RegExp(part, flags), attacks);
      // A second look, as the clock of a busy machine jumps.
      if (slow && findSlow(new RegExp(part, flags), attacks)) {
        const { prefix, pump, suffix, length, ms } = slow;
        const text = `${JSON.stringify(prefix)} + ${JSON.stringify(pump)} × n + ${JSON.stringify(suffix)}`;
        return `${Math.round(ms)} ms for ${length} characters of ${text}`;
      }
    }
  }
  return undefined;
}

/** @param {Expression[]} expressions */
function judgeAll(expressions) {
  /** @type {Map<string, string | undefined>} */
  const known = new Map();
  return expressions.flatMap(expression => {
    const key = `${expression.flags}/${expression.source}`;
    if (!known.has(key)) {
      known.set(key, judge(expression));
    }
    const reason = known.get(key);
    return reason ? [`${expression.at}: /${expression.source}/ ${reason}`] : [];
  });
}

test('the check finds what is slow, of every kind, and nothing else', () => {
  const slow = [
    [String.raw`^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`, ''],
    [String.raw`^(a+)+$`, ''],
    [String.raw`^(?:a|a)*b`, ''],
    [String.raw`\s+$`, ''],
    [String.raw`\/+$`, 'g'],
    [String.raw`from.*to`, 'g'],
    [String.raw`^(.*) <(.*)> \d`, ''],
    [String.raw`"(?:\\.|[^"\\])*"`, 'g'],
    [String.raw`x(?=.*y)`, 'g'],
    [String.raw`^(?:[a-z]{1,30}){1,30}!`, ''],
    [String.raw`only|[^]*?(?:one)+ of many$`, ''],
  ];
  const linear = [
    [String.raw`^(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$`, ''],
    [String.raw`(?<!\s)\s+$`, ''],
    [String.raw`from[^]*`, 'g'],
    [String.raw`^([^<]*) <([^>]*)> \d`, ''],
    [String.raw`"(?:\\[^]|[^"\\])*(?:"|\\?$)`, 'g'],
    [String.raw`\b[a-z]{1,40}:\/\/[^\s]{1,300}`, 'gi'],
    [String.raw`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`, 'u'],
  ];
  const check = (/** @type {string[][]} */ list) =>
    list.filter(([source, flags]) => judge({ source, flags }));
  assert.deepEqual(check(slow), slow);
  assert.deepEqual(check(linear), []);
});

test('every regular expression of the house takes linear time', () => {
  const expressions = findExpressions(root);
  // Fewer are found only where the search broke.
  assert.ok(expressions.length > 1500, `${expressions.length} were found`);
  for (const file of [
    'plugins/scaffolder-ml-common/src/table/numberFormats.ts',
    'packages/triage-engine/src/redact/gitleaks.json',
    'templates/model-service/template.yaml',
    'scripts/lib/tools.mjs',
  ]) {
    assert.ok(
      expressions.some(({ at }) => at.startsWith(file)),
      `there is none of ${file}`,
    );
  }
  assert.deepEqual(judgeAll(expressions), []);
});

test('every regular expression of Python does, too', () => {
  /** @param {string[]} args @param {string} [input] */
  const python = (args, input) =>
    JSON.parse(
      execFileSync(findPython().command, [script, ...args], {
        cwd: root,
        input,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        timeout: 120_000,
      }),
    );
  const files = listFiles(root).filter(
    file =>
      /\.py(\.njk)?$/.test(file) &&
      // Tests see texts of their own.
      !/(^|\/)(test_[^/]*|conftest\.[^/]*)$|\/tests(_serve)?\//.test(file),
  );
  /** @type {Expression[]} */
  const found = python(['find', ...files]);
  assert.ok(found.length > 25, `${found.length} were found`);
  const measure = (/** @type {Expression[]} */ expressions) => {
    /** @type {Array<Expression & { pump: string }>} */
    const slow = python(
      ['measure'],
      JSON.stringify(
        expressions.map(expression => ({
          ...expression,
          attacks: listAttacks(toJavaScript(expression.source), 's'),
        })),
      ),
    );
    return slow.map(
      ({ at, source, pump }) => `${at}: ${source} on ${pump} × n`,
    );
  };
  const planted = {
    at: 'planted',
    source: String.raw`(?P<x>\d+)+=$`,
    flags: '',
  };
  assert.equal(measure([planted]).length, 1);
  const slow = measure(found);
  const again = found.filter(({ at }) =>
    slow.some(text => text.startsWith(`${at}: `)),
  );
  assert.deepEqual(again.length === 0 ? [] : measure(again), []);
});

/** What Python writes in another way. @param {string} source */
function toJavaScript(source) {
  return source
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$');
}
