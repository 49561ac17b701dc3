// SPDX-License-Identifier: Apache-2.0
import type { Forge } from '../Forge';
import { assertAccess, findRepository } from '../http/access';
import { getCaller, requireCaller } from '../http/authenticate';
import { notFound } from '../http/errors';
import { numberParam } from '../http/route';
import type { Guard } from '../http/RouteTable';
import type { Issue } from '../stores/IssueStore';
import type { RepositoryRecord } from '../stores/RepositoryStore';
import type { ForgeCaller } from '../types';

const isJob = (caller?: ForgeCaller) => caller?.repositoryId !== undefined;

interface OfIssue {
  repository: RepositoryRecord;
  issue: Issue;
  caller: ForgeCaller;
}

/**
 * The issue (or pull request) of `:number`, for a caller who may do this with it. Who may read an issue may comment on
 * it; a job's token needs the permission to write.
 */
export function issueOf(
  forge: Forge,
  wanted: 'read',
): Guard<Omit<OfIssue, 'caller'>>;
export function issueOf(
  forge: Forge,
  wanted: 'write' | 'comment',
): Guard<OfIssue>;
export function issueOf(
  forge: Forge,
  wanted: 'read' | 'write' | 'comment',
): Guard<Omit<OfIssue, 'caller'> & Partial<OfIssue>> {
  return {
    right: `issues:${wanted === 'read' ? 'read' : 'write'}`,
    check: ({ req, res }) => {
      let caller = wanted === 'comment' ? requireCaller(res) : getCaller(res);
      const repository = findRepository(forge, req, res, 'metadata', 'read');
      const number = numberParam(req, 'number') ?? 0;
      const issue = forge.issues.find(repository.id, number);
      if (!issue) {
        throw notFound();
      }
      caller = wanted === 'write' ? requireCaller(res) : caller;
      assertAccess(
        forge,
        caller,
        repository,
        issue.is_pull ? 'pull_requests' : 'issues',
        wanted === 'write' || (wanted === 'comment' && isJob(caller))
          ? 'write'
          : 'read',
      );
      return { repository, issue, caller };
    },
  };
}

/** Who may read a repository may open an issue in it; a job's token needs the permission to write. */
export function issueOpener(forge: Forge): Guard<Omit<OfIssue, 'issue'>> {
  return {
    right: 'issues:write',
    check: ({ req, res }) => {
      const caller = requireCaller(res);
      const wanted = isJob(caller) ? 'write' : 'read';
      return {
        caller,
        repository: findRepository(forge, req, res, 'issues', wanted),
      };
    },
  };
}
