// SPDX-License-Identifier: Apache-2.0
import type { Request, Response } from 'express';
import type { ForgeRepository } from '../../forge/types';
import { readPage, setLinkHeader } from '../../forge/http/pagination';
import { queryString } from '../../forge/http/route';
import type { RunnerParts } from './RunnerParts';

/** Answers a list of runs with GitHub's filters: actor, branch, event, status, created, head_sha. */
export async function answerRuns(
  { services, serializer }: RunnerParts,
  repository: ForgeRepository,
  req: Request,
  res: Response,
  workflowId?: number,
): Promise<void> {
  const page = readPage(req);
  const { total, runs } = services.store.runs.list({
    repositoryId: repository.id,
    workflowId,
    actor: queryString(req, 'actor'),
    branch: queryString(req, 'branch'),
    event: queryString(req, 'event'),
    status: queryString(req, 'status'),
    headSha: queryString(req, 'head_sha'),
    created: readCreated(queryString(req, 'created')),
    limit: page.size,
    offset: page.offset,
  });
  setLinkHeader(req, res, page, { total });
  res.json({
    total_count: total,
    workflow_runs: await Promise.all(
      runs.map(run => serializer.run(repository, run)),
    ),
  });
}

/** GitHub's date search: `2026-01-01`, `>=2026-01-01`, `<2026-02-01`, `2026-01-01..2026-02-01`. */
export function readCreated(
  value: string | undefined,
): { from?: string; to?: string } | undefined {
  if (!value) {
    return undefined;
  }
  const range = value.split('..');
  if (range.length === 2) {
    return {
      from: range[0] === '*' ? undefined : range[0],
      to: range[1] === '*' ? undefined : endOf(range[1]),
    };
  }
  const [, operator, date] = /^(>=|<=|>|<)?(.*)$/.exec(value) ?? [];
  switch (operator) {
    case '>=':
      return { from: date };
    case '>':
      return { from: endOf(date) };
    case '<=':
      return { to: endOf(date) };
    case '<':
      return { to: date };
    default:
      return { from: date, to: endOf(date) };
  }
}

/** A date without a time means its whole day. */
function endOf(date: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(date) ? `${date}T23:59:59Z` : date;
}
