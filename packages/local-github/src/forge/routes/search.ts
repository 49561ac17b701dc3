import { Router, type Request, type Response } from 'express';
import type { Forge } from '../Forge';
import { git } from '../git/git';
import { resolveCommit } from '../git/refs';
import { listTree } from '../git/trees';
import { mayRead } from '../http/access';
import { getCaller, requireCaller } from '../http/authenticate';
import { validationFailed } from '../http/errors';
import { paginate } from '../http/pagination';
import { queryString, route } from '../http/route';
import { authorAssociation, issue as serializeIssue } from '../serialize/issue';
import { encodePath } from '../serialize/urls';
import type { RepositoryRecord } from '../stores/RepositoryStore';

interface Query {
  terms: string[];
  qualifiers: Map<string, string[]>;
}

/** Splits a search into free terms and `name:value` qualifiers; values may be quoted. */
export function parseQuery(text: string): Query {
  const terms: string[] = [];
  const qualifiers = new Map<string, string[]>();
  for (const [part] of text.matchAll(/(?:[^\s"]|"[^"]*")+/g)) {
    const [, name, value] = /^(-?[a-z-]+):(.+)$/s.exec(part) ?? [];
    if (name) {
      const values = qualifiers.get(name) ?? [];
      qualifiers.set(name, [...values, value.replaceAll('"', '')]);
    } else {
      terms.push(part.replaceAll('"', '').toLowerCase());
    }
  }
  return { terms, qualifiers };
}

/** The part of GitHub's search that a portal uses: repositories, code by file name or text, issues. */
export function searchRoutes(forge: Forge): Router {
  const router = Router();

  const readQuery = (req: Request): Query => {
    const text = queryString(req, 'q');
    if (!text) {
      throw validationFailed({
        resource: 'Search',
        field: 'q',
        code: 'missing',
      });
    }
    return parseQuery(text);
  };

  const scope = (
    { qualifiers }: Query,
    res: Response,
    permission: string,
  ): RepositoryRecord[] => {
    const lower = (name: string) =>
      (qualifiers.get(name) ?? []).map(value => value.toLowerCase());
    const repos = lower('repo');
    const owners = [...lower('org'), ...lower('user'), ...lower('owner')];
    return forge.repositories
      .list()
      .filter(
        repository =>
          mayRead(forge, getCaller(res), repository, permission) &&
          (repos.length === 0 ||
            repos.includes(repository.fullName.toLowerCase())) &&
          (owners.length === 0 ||
            owners.includes(repository.owner.toLowerCase())),
      );
  };

  router.get(
    '/search/repositories',
    route((req, res) => {
      const query = readQuery(req);
      const topics = query.qualifiers.get('topic') ?? [];
      const found = scope(query, res, 'metadata').filter(
        repository =>
          topics.every(topic => repository.topics.includes(topic)) &&
          query.terms.every(term =>
            `${repository.name} ${repository.description ?? ''}`
              .toLowerCase()
              .includes(term),
          ),
      );
      res.json({
        total_count: found.length,
        incomplete_results: false,
        items: paginate(req, res, found).map(repository => ({
          ...forge.serialize.repository(repository),
          score: 1,
        })),
      });
    }),
  );

  const listFiles = async (repository: RepositoryRecord, query: Query) => {
    const commit = await resolveCommit(
      repository.gitDir,
      repository.defaultBranch,
    );
    if (!commit) {
      return [];
    }
    const names = query.qualifiers.get('filename') ?? [];
    const extensions = query.qualifiers.get('extension') ?? [];
    const paths = query.qualifiers.get('path') ?? [];
    const entries = (
      await listTree(repository.gitDir, commit, { recursive: true })
    ).filter(({ type, path }) => {
      const name = path.split('/').pop() ?? '';
      return (
        type === 'blob' &&
        names.every(value => name === value) &&
        extensions.every(value => name.endsWith(`.${value}`)) &&
        paths.every(value => path.startsWith(value.replace(/^\//, '')))
      );
    });
    if (query.terms.length === 0 || entries.length === 0) {
      return entries;
    }
    const { stdout } = await git(
      repository.gitDir,
      [
        'grep',
        '--files-with-matches',
        '-z',
        '--fixed-strings',
        '--ignore-case',
        '-I',
        '--all-match',
        ...query.terms.flatMap(term => ['-e', term]),
        commit,
      ],
      { okCodes: [1] },
    );
    const matching = new Set(
      stdout
        .toString('utf8')
        .split('\0')
        .map(line => line.slice(commit.length + 1)),
    );
    return entries.filter(({ path }) => matching.has(path));
  };

  router.get(
    '/search/code',
    route(async (req, res) => {
      requireCaller(res);
      const query = readQuery(req);
      const found = [];
      for (const repository of scope(query, res, 'contents')) {
        for (const entry of await listFiles(repository, query)) {
          found.push({ repository, entry });
        }
      }
      res.json({
        total_count: found.length,
        incomplete_results: false,
        items: paginate(req, res, found).map(({ repository, entry }) => {
          const api = `${forge.urls.api}/repos/${repository.fullName}`;
          const path = encodePath(entry.path);
          const ref = encodePath(repository.defaultBranch);
          return {
            name: entry.path.split('/').pop() ?? '',
            path: entry.path,
            sha: entry.sha,
            url: `${api}/contents/${path}?ref=${ref}`,
            git_url: `${api}/git/blobs/${entry.sha}`,
            html_url: `${forge.urls.web}/${repository.fullName}/blob/${ref}/${path}`,
            repository: forge.serialize.minimalRepository(repository),
            score: 1,
          };
        }),
      });
    }),
  );

  router.get(
    '/search/issues',
    route((req, res) => {
      const query = readQuery(req);
      const { qualifiers, terms } = query;
      const is = [
        ...(qualifiers.get('is') ?? []),
        ...(qualifiers.get('type') ?? []),
      ];
      const states = [...is, ...(qualifiers.get('state') ?? [])];
      let state: 'open' | 'closed' | 'all' = 'all';
      if (states.includes('open')) {
        state = 'open';
      } else if (states.includes('closed')) {
        state = 'closed';
      }
      let isPull: boolean | undefined;
      if (is.includes('pr') || is.includes('pull-request')) {
        isPull = true;
      } else if (is.includes('issue')) {
        isPull = false;
      }
      const found = scope(query, res, 'issues').flatMap(repository =>
        forge.issues
          .list(
            repository.id,
            {
              state,
              isPull,
              creator: qualifiers.get('author')?.[0],
              assignee: qualifiers.get('assignee')?.[0],
              labels: qualifiers.get('label'),
            },
            { size: -1, offset: 0 },
          )
          .items.filter(({ title, body }) =>
            terms.every(term =>
              `${title} ${body ?? ''}`.toLowerCase().includes(term),
            ),
          )
          .map(issue => ({ repository, issue })),
      );
      res.json({
        total_count: found.length,
        incomplete_results: false,
        search_type: 'lexical',
        items: paginate(req, res, found).map(({ repository, issue }) => ({
          ...serializeIssue(forge, repository, issue),
          author_association: authorAssociation(
            forge,
            repository,
            issue.author,
          ),
          score: 1,
        })),
      });
    }),
  );

  return router;
}
