// SPDX-License-Identifier: Apache-2.0
import type { Change, Suspect } from '@greenroom/plugin-triage-common';
import { FileMentions } from './FileMentions';
import { fileRoles } from './fileRoles';
import { patchedLines } from './patchSides';
import {
  EACH_OTHER_REASON,
  FITTING_FINDINGS,
  FITTING_ROLES,
  ROLE_WORDS,
  WEIGHTS,
} from './suspectWeights';
import { testSubject } from './testSubject';
import type { CommitFacts, CompareRunsInput } from './types';

const MAX_SUSPECTS = 50;
const MAX_REASONS = 5;
const MAX_MESSAGE = 200;
const MAX_PATH = 200;
/** As many files as GitHub's API gives of a commit. */
const MAX_FILES = 3000;

type CommitFile = CommitFacts['files'][number];

/** Why a changed file may be the cause; one `kind` counts once for a commit. */
interface Reason {
  kind: string;
  weight: number;
  text: string;
}

/** What of the failure commits are held against. */
interface Traces {
  mentions: FileMentions;
  /** Test by the stem of what it tests. */
  subjects: Map<string, string>;
  /** Named file by the end of its folder's path. */
  folders: Map<string, string>;
  packages: Set<string>;
}

const shown = (path: string) => path.slice(0, MAX_PATH);
const folderOf = (path: string) =>
  path.slice(0, Math.max(0, path.lastIndexOf('/')));
/** The last two names of a folder: logs have longer paths than the repository. */
const folderEnd = (path: string) =>
  folderOf(path).split('/').slice(-2).join('/');
const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

function tracesOf(input: CompareRunsInput, dependencies: Change[]): Traces {
  const mentions = new FileMentions();
  const findings = input.findings.filter(({ kind }) =>
    FITTING_FINDINGS[input.failureType]?.includes(kind),
  );
  for (const { file, line } of findings) {
    if (file) {
      mentions.addPath(file, 'finding', line);
    }
  }
  for (const { quote } of input.evidence) {
    mentions.addText(quote, 'evidence');
  }
  const words = new Set<string>();
  for (const { text } of input.excerpt) {
    mentions.addText(text, 'excerpt');
    // Who is imported or missing, not who is merely installed.
    for (const [, name] of text
      .slice(0, 4000)
      .matchAll(
        /(?:(?:site|dist)-packages\/|node_modules\/|(?:module|import|package)(?: named)? ['"]?)((?:@[\w.-]{1,60}\/)?[\w-]{2,60})/gi,
      )) {
      words.add(name.toLowerCase().replaceAll('_', '-'));
    }
  }
  const named = mentions.paths();
  const changed = dependencies
    .map(({ name }) => name)
    .filter(name => words.has(name.toLowerCase()));
  return {
    mentions,
    subjects: new Map(
      named.flatMap(path => {
        const subject = testSubject(path);
        return subject ? [[subject, path] as const] : [];
      }),
    ),
    folders: new Map(
      named
        .filter(path => path.includes('/'))
        .map(path => [folderEnd(path), path]),
    ),
    packages: new Set([
      ...findings.flatMap(finding => finding.package ?? []),
      ...changed,
    ]),
  };
}

function namedReason(
  { path, patch }: CommitFile,
  { mentions }: Traces,
): Reason | undefined {
  const mention = mentions.find(path);
  if (!mention) {
    return undefined;
  }
  const hunks = patch ? patchedLines(patch) : [];
  const line = mention.lines.find(at =>
    hunks.some(([from, to]) => from <= at && at <= to),
  );
  if (line !== undefined) {
    return {
      kind: 'line',
      weight: WEIGHTS.line,
      text: `changes ${shown(path)} around line ${line}, which the failure names`,
    };
  }
  const who = {
    finding: 'which a finding names',
    evidence: 'which the failing lines name',
    excerpt: 'which the lines about the failure name',
  }[mention.by];
  return {
    kind: 'named',
    weight: WEIGHTS[mention.by],
    text: `changes ${shown(path)}, ${who}`,
  };
}

function packageReason(
  { path, patch = '' }: CommitFile,
  { packages }: Traces,
): Reason | undefined {
  if (
    !fileRoles(path).some(role => role === 'dependencies' || role === 'image')
  ) {
    return undefined;
  }
  const changed = patch
    .split('\n')
    .filter(line => /^[+-][^+-]/.test(line))
    .join('\n')
    .toLowerCase();
  const name = [...packages].find(each => changed.includes(each.toLowerCase()));
  return name === undefined
    ? undefined
    : {
        kind: 'package',
        weight: WEIGHTS.package,
        text: `changes ${name} in ${shown(path)}, which the failure names`,
      };
}

function nearReasons({ path }: CommitFile, traces: Traces): Reason[] {
  const stem = baseOf(path).replace(/\.\w{1,10}$/, '');
  const test = traces.subjects.get(stem);
  const neighbour = traces.folders.get(folderEnd(path));
  return [
    ...(test && !testSubject(path)
      ? [
          {
            kind: 'subject',
            weight: WEIGHTS.subject,
            text: `changes ${shown(path)}, which ${shown(test)} tests`,
          },
        ]
      : []),
    ...(neighbour && path.includes('/') && fileRoles(path).includes('code')
      ? [
          {
            kind: 'neighbour',
            weight: WEIGHTS.neighbour,
            text: `changes ${shown(path)}, beside ${shown(baseOf(neighbour))}, which the failure names`,
          },
        ]
      : []),
  ];
}

function roleReason({ path }: CommitFile, input: CompareRunsInput): Reason {
  const fitting = FITTING_ROLES[input.failureType];
  const [best] = fileRoles(path)
    .map(role => ({ role, weight: fitting?.[role] ?? 0 }))
    .sort((a, b) => b.weight - a.weight);
  if (best.weight > 0) {
    return {
      kind: `role ${best.role}`,
      weight: best.weight,
      text: `changes ${ROLE_WORDS[best.role]} (${shown(path)}), a usual cause of this type of failure`,
    };
  }
  return best.role === 'documentation'
    ? { kind: 'documentation', weight: 0, text: 'changes documentation' }
    : {
        kind: 'other',
        weight: WEIGHTS.code,
        text: 'changes files that nothing in the failure names',
      };
}

function reasonsOf(
  file: CommitFile,
  traces: Traces,
  input: CompareRunsInput,
): Reason[] {
  const named = namedReason(file, traces);
  const bound = [
    named,
    packageReason(file, traces),
    ...(named ? [] : nearReasons(file, traces)),
  ].filter(reason => reason !== undefined);
  return [...bound, roleReason(file, input)];
}

function suspectOf(
  commit: CommitFacts,
  traces: Traces,
  input: CompareRunsInput,
): Suspect {
  const byKind = new Map<string, Reason>();
  for (const file of commit.files.slice(0, MAX_FILES)) {
    for (const reason of reasonsOf(file, traces, input)) {
      if ((byKind.get(reason.kind)?.weight ?? -1) < reason.weight) {
        byKind.set(reason.kind, reason);
      }
    }
  }
  const reasons = [...byKind.values()].sort((a, b) => b.weight - a.weight);
  const best = reasons[0]?.weight ?? 0;
  const telling = reasons.filter(({ weight }) => weight > WEIGHTS.code);
  const score = best + EACH_OTHER_REASON * Math.max(0, telling.length - 1);
  return {
    sha: commit.sha,
    message: commit.message.split(/\r?\n/, 1)[0].slice(0, MAX_MESSAGE),
    ...(commit.author && { author: commit.author }),
    score: Math.round(Math.min(1, score) * 100) / 100,
    reasons:
      reasons.length > 0
        ? (telling.length > 0 ? telling : reasons)
            .slice(0, MAX_REASONS)
            .map(({ text }) => text)
        : ['which files it changes is not known'],
  };
}

/**
 * The commits since the last green run, those first that touch most of what fails;
 * of equals the later first, since the run before it may not have seen it. Fifty at
 * most.
 */
export function rankSuspects(
  input: CompareRunsInput,
  dependencies: Change[],
): Suspect[] {
  const traces = tracesOf(input, dependencies);
  return (input.commits ?? [])
    .map((commit, index) => ({
      suspect: suspectOf(commit, traces, input),
      index,
    }))
    .sort((a, b) => b.suspect.score - a.suspect.score || b.index - a.index)
    .slice(0, MAX_SUSPECTS)
    .map(({ suspect }) => suspect);
}
