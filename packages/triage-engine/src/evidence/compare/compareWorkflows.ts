// SPDX-License-Identifier: Apache-2.0
import { isMap, isScalar, isSeq, visit, type Document } from 'yaml';
import type { Change } from '@greenroom/plugin-triage-common';
import { parseYaml } from './dependencies/parseYaml';
import { isWorkflowFile } from './fileRoles';
import type { CompareInput } from './types';

const MAX_VALUE = 300;
const MAX_DEPTH = 12;

/** `v7.0.1 (3d3c42e)` of a pin with its comment, else what stands behind the `@`. */
function describeVersion(reference: string, comment?: string | null): string {
  const version = /(?:^|\s)(v?\d[\w.+-]{0,40})/.exec(comment ?? '')?.[1];
  if (!/^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(reference)) {
    return reference;
  }
  return version
    ? `${version} (${reference.slice(0, 7)})`
    : reference.slice(0, 12);
}

/** Versions by action, of everything that `uses` something outside the repository. */
function usesOf(documents: Document.Parsed[]): Map<string, Set<string>> {
  const versions = new Map<string, Set<string>>();
  for (const document of documents) {
    visit(document, {
      Pair(_, pair) {
        if (
          isScalar(pair.key) &&
          pair.key.value === 'uses' &&
          isScalar(pair.value) &&
          typeof pair.value.value === 'string'
        ) {
          const uses = pair.value.value.slice(0, MAX_VALUE);
          const scheme = uses.startsWith('docker://') ? 'docker://'.length : 0;
          const at = Math.max(
            uses.lastIndexOf('@'),
            scheme && uses.lastIndexOf(':'),
          );
          if (!uses.startsWith('./') && at > scheme) {
            const name = uses.slice(0, at);
            const known = versions.get(name) ?? new Set<string>();
            known.add(describeVersion(uses.slice(at + 1), pair.value.comment));
            versions.set(name, known);
          }
        }
      },
    });
  }
  return versions;
}

function labelOf(item: unknown, index: number): string {
  if (isMap(item)) {
    for (const key of ['name', 'id', 'uses']) {
      const value = item.get(key);
      if (typeof value === 'string') {
        return key === 'uses' ? value.split('@')[0] : value;
      }
    }
  }
  return String(index + 1);
}

/** Each scalar by where it stands: `jobs.test.steps[Run tests].run`. */
function leavesOf(document: Document.Parsed): Map<string, string> {
  const leaves = new Map<string, string>();
  const walk = (node: unknown, path: string, depth: number): void => {
    if (depth > MAX_DEPTH) {
      return;
    }
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : '?';
        walk(value, path ? `${path}.${name}` : name, depth + 1);
      }
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => {
        // Lists of words, as of branches and runners, are one value.
        walk(
          item,
          `${path}[${isScalar(item) ? index + 1 : labelOf(item, index)}]`,
          depth + 1,
        );
      });
    } else if (isScalar(node)) {
      leaves.set(
        path.slice(0, MAX_VALUE),
        String(node.value).trim().slice(0, MAX_VALUE),
      );
    }
  };
  walk(document.contents, '', 0);
  return leaves;
}

/** Names, comments and the versions of actions are said elsewhere, or change nothing. */
const isTold = (path: string) => /(?:^|[.\]])(?:uses|name)$/.test(path);

function compareFile(
  path: string,
  before: Document.Parsed,
  after: Document.Parsed,
): Change[] {
  const was = leavesOf(before);
  const is = leavesOf(after);
  const keys = [...new Set([...is.keys(), ...was.keys()])];
  return keys
    .filter(key => !isTold(key) && was.get(key) !== is.get(key))
    .map(key => {
      const old = was.get(key);
      const now = is.get(key);
      return {
        kind: 'workflow',
        name: `${path}: ${key}`,
        ...(old !== undefined && { before: old }),
        ...(now !== undefined && { after: now }),
      };
    });
}

function compareActions(
  green: Document.Parsed[],
  failed: Document.Parsed[],
): Change[] {
  const was = usesOf(green);
  const is = usesOf(failed);
  const show = (versions?: Set<string>) =>
    versions && [...versions].sort().join(', ');
  return [...new Set([...was.keys(), ...is.keys()])]
    .sort()
    .map(name => ({
      name,
      before: show(was.get(name)),
      after: show(is.get(name)),
    }))
    .filter(({ before, after }) => before !== after)
    .map(({ name, before, after }) => ({
      kind: 'action',
      name,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    }));
}

function read(
  files: Record<string, string>,
  path: string,
): Document.Parsed | undefined {
  return Object.hasOwn(files, path) ? parseYaml(files[path]) : undefined;
}

/**
 * What changed in workflows and actions of the repository: versions of what they
 * use, and each other value by where it stands.
 */
export function compareWorkflows({ green, failed }: CompareInput): Change[] {
  if (!green?.files || !failed?.files) {
    return [];
  }
  const before = green.files;
  const after = failed.files;
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter(isWorkflowFile)
    .sort();
  const pairs = paths.map(path => ({
    path,
    was: read(before, path),
    is: read(after, path),
  }));
  const present = (documents: Array<Document.Parsed | undefined>) =>
    documents.filter(document => document !== undefined);
  // A file that cannot be read on one side would make all of its actions look new.
  const readable = pairs.filter(
    ({ path, was, is }) =>
      (was || before[path] === undefined) && (is || after[path] === undefined),
  );
  return [
    ...compareActions(
      present(readable.map(({ was }) => was)),
      present(readable.map(({ is }) => is)),
    ),
    ...pairs.flatMap(({ path, was, is }) =>
      was && is ? compareFile(path, was, is) : [],
    ),
  ];
}
