// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { parse } from 'yaml';

/** A fault of manifestFaults.yaml. */
export interface Fault {
  kind: string;
  what: string;
  file: string;
  /** The target of the Makefile that has to catch it. */
  target: string;
  /** A pattern of the message. */
  says: string;
  ignoreCase?: boolean;
  /** What is replaced, as text or as pattern, and by what; or what is put to the end. */
  from?: string;
  pattern?: string;
  flags?: string;
  to?: string;
  append?: string;
  /** Whether it hides what else is wrong. */
  alone?: boolean;
}

const table: Record<string, Array<Omit<Fault, 'kind'>>> = parse(
  fs.readFileSync(
    resolvePackagePath(
      '@greenroom/plugin-scaffolder-backend-module-ml',
      'src/__testUtils__/manifestFaults.yaml',
    ),
    'utf8',
  ),
);

/** All faults, each with the kind of file it is in. */
export const faults: Fault[] = Object.entries(table).flatMap(([kind, rows]) =>
  rows.map(row => ({ kind, ...row })),
);

/** The targets whose checks go on after the first problem. */
const TELLS_ALL = ['schemas-check', 'score', 'structure'];

/** Faults that one run of their target can catch together: each in a file of its own. */
export function batches(): Fault[][] {
  const result: Fault[][] = [];
  for (const fault of faults) {
    const batch = result.find(
      ([first, ...others]) =>
        TELLS_ALL.includes(fault.target) &&
        first.target === fault.target &&
        ![fault, first].some(each => each.alone) &&
        ![first, ...others].some(each => each.file === fault.file),
    );
    if (batch) {
      batch.push(fault);
    } else {
      result.push([fault]);
    }
  }
  return result;
}

/** Plants faults in a repository; answers how to take them back. */
export function plant(folder: string, planted: Fault[]): () => void {
  const right = new Map<string, string>();
  for (const fault of planted) {
    const file = path.join(folder, fault.file);
    const text = fs.readFileSync(file, 'utf8');
    right.set(file, text);
    const wrong =
      fault.append !== undefined
        ? text + fault.append
        : text.replace(
            fault.pattern === undefined
              ? (fault.from ?? '')
              : new RegExp(fault.pattern, fault.flags),
            () => fault.to ?? '',
          );
    if (wrong === text) {
      throw new Error(`${fault.file} has no place for: ${fault.what}`);
    }
    fs.writeFileSync(file, wrong);
  }
  return () => {
    for (const [file, text] of right) {
      fs.writeFileSync(file, text);
    }
  };
}
