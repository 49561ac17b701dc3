// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import type { Evidence, TriageReport } from '@greenroom/plugin-triage-common';
import {
  createPipelineReport,
  createRedactor,
  unpackRunLogs,
  type LlmClient,
} from '@greenroom/triage-engine';
import { fileInput, readLines } from '../../packages/triage-engine/src/testing';
import { unpackLogReduction } from '../data';
import type { Figure } from '../figures';

interface Line {
  source: string;
  line: number;
  quote: string;
}

/** The numbered lines of a prompt, by the letter of their log. */
function readPrompt(prompt: string): Line[] {
  const lines: Line[] = [];
  let source = 'A';
  for (const row of prompt.split('\n')) {
    source = /^LOG ([A-Z]+)\b/.exec(row)?.[1] ?? source;
    const match = /^L(\d+)\|(.*)$/.exec(row);
    if (match && match[2].trim().length >= 12) {
      lines.push({
        source,
        line: Number(match[1]),
        quote: match[2].trim().slice(0, 80),
      });
    }
  }
  return lines;
}

/** Cites some lines as they are and, for each of these, lies in four ways. */
const careless: LlmClient = {
  name: 'careless',
  async generate({ user }) {
    const lines = readPrompt(user);
    const cited = lines.filter(
      (_, index) => index % Math.ceil(lines.length / 3) === 0,
    );
    const lie = (evidence: Line[], statement: string) => ({
      evidence,
      statement,
      confidence: 'high',
    });
    return {
      model: 'careless',
      value: {
        suspects: ['none'],
        claims: cited.flatMap(line => [
          lie([line], 'This line is there.'),
          lie([{ ...line, quote: `${line.quote} (changed)` }], 'LIE'),
          lie([{ ...line, line: line.line + 50_000 }], 'LIE'),
          lie([{ ...line, source: 'Z' }], 'LIE'),
        ]),
        rootCause: {
          ...lie(
            lines
              .slice(0, 1)
              .map(line => ({ ...line, quote: 'made up by me' })),
            'LIE',
          ),
          outcome: 'identified',
        },
        missing: [],
        nextSteps: [{ evidence: [], text: 'Read these lines.' }],
      },
    };
  },
};

function evidenceOf(report: TriageReport): Evidence[] {
  return [
    ...report.failure.evidence,
    ...(report.rootCause.outcome === 'identified'
      ? report.rootCause.evidence
      : []),
    ...report.claims.flatMap(claim => claim.evidence),
    ...report.nextSteps.flatMap(step => step.evidence),
  ];
}

const squeeze = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Whether a quote stands in its line, two lines up or down, of the file itself. */
async function isInFile(
  file: string,
  evidence: Evidence[],
): Promise<{ right: number; wrong: Evidence[] }> {
  const texts = new Map<number, string>();
  for await (const { number, text } of readLines(fileInput(file))) {
    texts.set(number, text);
  }
  const redactor = createRedactor();
  const wrong = evidence.filter(({ line, quote }) => {
    const near = [0, -1, 1, -2, 2].map(step => texts.get(line + step) ?? '');
    const asked = squeeze(quote).replace(/…$/, '');
    return ![...near, ...near.map(text => redactor.redact(text))].some(text =>
      squeeze(text).includes(asked),
    );
  });
  return { right: evidence.length - wrong.length, wrong };
}

/** Whole reports of all labelled logs, asked of a model that lies half of the time. */
export async function evidenceFigures(): Promise<Figure[]> {
  const data = unpackLogReduction();
  const files = [
    ...fs
      .readdirSync(path.join(data, 'cidiff'))
      .map(name => path.join(data, 'cidiff', name, 'fail.log')),
    ...fs
      .readdirSync(path.join(data, 'bugswarm'))
      .filter(name => name.endsWith('.log'))
      .map(name => path.join(data, 'bugswarm', name)),
  ].filter(file => fs.existsSync(file));
  let total = 0;
  let right = 0;
  let lies = 0;
  let unproven = 0;
  for (const file of files) {
    const logs = await unpackRunLogs(file);
    try {
      const report = await createPipelineReport(
        { incident: {}, logs },
        { llm: careless },
      );
      const evidence = evidenceOf(report);
      const checked = await isInFile(file, evidence);
      total += evidence.length;
      right += checked.right;
      lies +=
        JSON.stringify([report.rootCause, report.claims]).split('"LIE"')
          .length - 1;
      unproven +=
        report.rootCause.outcome === 'identified' &&
        report.rootCause.evidence.length === 0
          ? 1
          : 0;
      for (const { line, quote } of checked.wrong) {
        process.stderr.write(`${file}:${line} does not say ${quote}\n`);
      }
    } finally {
      await logs.close();
    }
  }
  return [
    {
      part: 'evidence',
      what: 'posted claims with a verified quote',
      value: total === 0 ? 0 : right / total,
      target: 1,
      bound: 'min',
      unit: 'share',
      of: `${total} quotes of ${files.length} logs`,
    },
    {
      part: 'evidence',
      what: 'made-up claims that were posted',
      value: lies,
      target: 0,
      bound: 'max',
      unit: 'count',
    },
    {
      part: 'evidence',
      what: 'root causes posted without proof',
      value: unproven,
      target: 0,
      bound: 'max',
      unit: 'count',
    },
  ];
}
