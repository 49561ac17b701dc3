// SPDX-License-Identifier: Apache-2.0

/**
 * Who may do what, for every route of forge and runner: GitHub's documentation ("Permissions required for GitHub Apps", and each route's
 * page), read once for the routes that there are. `job` is what a GITHUB_TOKEN needs in its own repository; `never` is 403 whatever
 * `permissions:` say, `any` needs none. `person` is the least that a person needs: `anyone` is everybody where the repository is public.
 */
export interface Right {
  route: string;
  job: string;
  person: 'anyone' | 'read' | 'write' | 'admin';
}

function rights(table: string): Right[] {
  return table
    .trim()
    .split('\n')
    .map(line => {
      const [method, path, job, person] = line.trim().split(/\s+/);
      if (
        person !== 'anyone' &&
        person !== 'read' &&
        person !== 'write' &&
        person !== 'admin'
      ) {
        throw new Error(`Not a line of the table: ${line}`);
      }
      return { route: `${method} ${path}`, job, person };
    });
}

/** Routes of one repository; paths without `/repos/:owner/:repo`. */
export const repositoryRights = rights(String.raw`
  GET    /                                              any                 anyone
  PATCH  /                                              never               admin
  DELETE /                                              never               admin
  GET    /topics                                        any                 anyone
  PUT    /topics                                        never               admin
  GET    /collaborators                                 never               write
  GET    /collaborators/:username                       never               write
  GET    /collaborators/:username/permission            any                 write
  PUT    /collaborators/:username                       never               admin
  DELETE /collaborators/:username                       never               admin
  GET    /assignees                                     any                 anyone
  POST   /dispatches                                    contents:write      write
  GET    /hooks                                         never               admin
  POST   /hooks                                         never               admin
  GET    /hooks/:id(\d+)                                never               admin
  PATCH  /hooks/:id(\d+)                                never               admin
  DELETE /hooks/:id(\d+)                                never               admin
  POST   /hooks/:id(\d+)/pings                          never               admin
  GET    /hooks/:id(\d+)/deliveries                     never               admin
  GET    /hooks/:id(\d+)/deliveries/:delivery(\d+)      never               admin
  POST   /hooks/:id(\d+)/deliveries/:delivery(\d+)/attempts      never     admin
  GET    /branches                                      contents:read       anyone
  GET    /branches/:branch(*)                           contents:read       anyone
  GET    /tags                                          contents:read       anyone
  GET    /contents                                      contents:read       anyone
  GET    /contents/*                                    contents:read       anyone
  PUT    /contents/*                                    contents:write      write
  DELETE /contents/*                                    contents:write      write
  GET    /readme                                        contents:read       anyone
  GET    /git/ref/*                                     contents:read       anyone
  GET    /git/refs                                      contents:read       anyone
  GET    /git/refs/*                                    contents:read       anyone
  GET    /git/matching-refs/*                           contents:read       anyone
  POST   /git/refs                                      contents:write      write
  PATCH  /git/refs/*                                    contents:write      write
  DELETE /git/refs/*                                    contents:write      write
  GET    /git/blobs/:sha                                contents:read       anyone
  POST   /git/blobs                                     contents:write      write
  GET    /git/trees/:sha(*)                             contents:read       anyone
  POST   /git/trees                                     contents:write      write
  GET    /git/commits/:sha                              contents:read       anyone
  POST   /git/commits                                   contents:write      write
  GET    /tarball                                       contents:read       anyone
  GET    /tarball/:ref(*)                               contents:read       anyone
  GET    /zipball                                       contents:read       anyone
  GET    /zipball/:ref(*)                               contents:read       anyone
  GET    /commits                                       contents:read       anyone
  GET    /commits/:sha/comments                         contents:read       anyone
  POST   /commits/:sha/comments                         contents:write      write
  GET    /comments/:id(\d+)                             contents:read       anyone
  PATCH  /comments/:id(\d+)                             contents:write      write
  DELETE /comments/:id(\d+)                             contents:write      write
  GET    /commits/:ref(*)                               contents:read       anyone
  GET    /compare/:basehead(*)                          contents:read       anyone
  GET    /commits/:ref(*)/status                        statuses:read       anyone
  GET    /commits/:ref(*)/statuses                      statuses:read       anyone
  GET    /statuses/:ref(*)                              statuses:read       anyone
  POST   /statuses/:sha                                 statuses:write      write
  GET    /pulls                                         pull-requests:read  anyone
  POST   /pulls                                         never               write
  GET    /pulls/:number(\d+)                            pull-requests:read  anyone
  PATCH  /pulls/:number(\d+)                            pull-requests:write write
  GET    /pulls/:number(\d+)/commits                    pull-requests:read  anyone
  GET    /pulls/:number(\d+)/files                      pull-requests:read  anyone
  GET    /pulls/:number(\d+)/merge                      pull-requests:read  anyone
  PUT    /pulls/:number(\d+)/merge                      contents:write      write
  POST   /pulls/:number(\d+)/requested_reviewers        pull-requests:write write
  DELETE /pulls/:number(\d+)/requested_reviewers        pull-requests:write write
  GET    /commits/:sha/pulls                            pull-requests:read  anyone
  GET    /issues                                        issues:read         anyone
  POST   /issues                                        issues:write        read
  GET    /issues/:number(\d+)                           issues:read         anyone
  PATCH  /issues/:number(\d+)                           issues:write        write
  POST   /issues/:number(\d+)/assignees                 issues:write        write
  DELETE /issues/:number(\d+)/assignees                 issues:write        write
  PUT    /issues/:number(\d+)/lock                      issues:write        write
  DELETE /issues/:number(\d+)/lock                      issues:write        write
  GET    /issues/:number(\d+)/comments                  issues:read         anyone
  POST   /issues/:number(\d+)/comments                  issues:write        read
  GET    /issues/comments                               issues:read         anyone
  GET    /issues/comments/:id(\d+)                      issues:read         anyone
  PATCH  /issues/comments/:id(\d+)                      issues:write        write
  DELETE /issues/comments/:id(\d+)                      issues:write        write
  GET    /labels                                        issues:read         anyone
  POST   /labels                                        issues:write        write
  GET    /labels/:name                                  issues:read         anyone
  PATCH  /labels/:name                                  issues:write        write
  DELETE /labels/:name                                  issues:write        write
  GET    /issues/:number(\d+)/labels                    issues:read         anyone
  GET    /issues/:number(\d+)/events                    issues:read         anyone
  POST   /issues/:number(\d+)/labels                    issues:write        write
  PUT    /issues/:number(\d+)/labels                    issues:write        write
  DELETE /issues/:number(\d+)/labels                    issues:write        write
  DELETE /issues/:number(\d+)/labels/:name              issues:write        write
  GET    /actions/workflows                             actions:read        anyone
  GET    /actions/workflows/:workflow_id                actions:read        anyone
  GET    /actions/workflows/:workflow_id/runs           actions:read        anyone
  PUT    /actions/workflows/:workflow_id/enable         actions:write       write
  PUT    /actions/workflows/:workflow_id/disable        actions:write       write
  POST   /actions/workflows/:workflow_id/dispatches     actions:write       write
  GET    /actions/runs                                  actions:read        anyone
  GET    /actions/runs/:run_id                          actions:read        anyone
  GET    /actions/runs/:run_id/jobs                     actions:read        anyone
  GET    /actions/runs/:run_id/attempts/:attempt_number actions:read        anyone
  GET    /actions/runs/:run_id/attempts/:attempt_number/jobs     actions:read anyone
  GET    /actions/runs/:run_id/logs                     actions:read        read
  GET    /actions/runs/:run_id/attempts/:attempt_number/logs     actions:read read
  POST   /actions/runs/:run_id/rerun                    actions:write       write
  POST   /actions/runs/:run_id/rerun-failed-jobs        actions:write       write
  POST   /actions/runs/:run_id/cancel                   actions:write       write
  POST   /actions/runs/:run_id/force-cancel             actions:write       write
  DELETE /actions/runs/:run_id                          actions:write       write
  DELETE /actions/runs/:run_id/logs                     actions:write       write
  GET    /actions/runs/:run_id/timing                   actions:read        anyone
  GET    /actions/runs/:run_id/approvals                actions:read        anyone
  GET    /actions/jobs/:job_id                          actions:read        anyone
  GET    /actions/jobs/:job_id/logs                     actions:read        read
  POST   /actions/jobs/:job_id/rerun                    actions:write       write
  GET    /actions/artifacts                             actions:read        anyone
  GET    /actions/runs/:run_id/artifacts                actions:read        anyone
  GET    /actions/artifacts/:artifact_id                actions:read        anyone
  GET    /actions/artifacts/:artifact_id/:archive_format         actions:read read
  DELETE /actions/artifacts/:artifact_id                actions:write       write
  GET    /actions/caches                                actions:read        anyone
  DELETE /actions/caches/:cache_id                      actions:write       write
  GET    /actions/variables                             never               write
  POST   /actions/variables                             never               write
  GET    /actions/variables/:name                       never               write
  PATCH  /actions/variables/:name                       never               write
  DELETE /actions/variables/:name                       never               write
  GET    /actions/secrets                               never               write
  GET    /actions/secrets/public-key                    never               write
  GET    /actions/secrets/:name                         never               write
  PUT    /actions/secrets/:name                         never               write
  DELETE /actions/secrets/:name                         never               write
  GET    /actions/permissions                           never               admin
  PUT    /actions/permissions                           never               admin
  GET    /actions/permissions/workflow                  never               admin
  PUT    /actions/permissions/workflow                  never               admin
  GET    /commits/:ref/check-runs                       checks:read         anyone
  GET    /commits/:ref/check-suites                     checks:read         anyone
  GET    /check-suites/:id                              checks:read         anyone
  GET    /check-suites/:id/check-runs                   checks:read         anyone
  GET    /check-runs/:id                                checks:read         anyone
  GET    /check-runs/:id/annotations                    checks:read         anyone
`);

/** Routes beside a repository: `job` is `any` or `never`, `person` is `anyone` or, with an account, `read`. */
export const otherRights = rights(String.raw`
  GET  /meta                              any    anyone
  GET  /rate_limit                        any    anyone
  GET  /versions                          any    anyone
  GET  /zen                               any    anyone
  GET  /                                  any    anyone
  GET  /user                              never  read
  GET  /user/orgs                         never  read
  GET  /user/repos                        never  read
  POST /user/repos                        never  read
  GET  /users/:username                   any    anyone
  GET  /users/:username/repos             any    anyone
  GET  /orgs/:org                         any    anyone
  GET  /orgs/:org/repos                   any    anyone
  POST /orgs/:org/repos                   never  read
`);

/** Routes that have tests of their own below, or in forge's tests. */
export const otherRoutes = String.raw`
  POST /
  GET /:owner/:repo/info/refs
  POST /:owner/:repo/git-upload-pack
  POST /:owner/:repo/git-receive-pack
`
  .trim()
  .split(/\s*\n\s*/);

/** Pages: for whoever sits at this machine, without signing in; they change nothing. */
export const pages = String.raw`
  GET /
  GET /raw/:owner/:repo/*
  GET /:owner/:repo/raw/*
  GET /avatars/:login
  GET /:owner
  GET /:owner/:repo
  GET /:owner/:repo/tree/*
  GET /:owner/:repo/blob/*
  GET /:owner/:repo/commits
  GET /:owner/:repo/commits/*
  GET /:owner/:repo/commit/:sha
  GET /:owner/:repo/compare/*
  GET /:owner/:repo/issues
  GET /:owner/:repo/pulls
  GET /:owner/:repo/issues/:number(\d+)
  GET /:owner/:repo/pull/:number(\d+)
  GET /:owner/:repo/pull/:number(\d+).:format(diff|patch)
  GET /_actions/downloads/:token
  GET /:owner/:repo/actions
  GET /:owner/:repo/actions/runs/:run_id
  GET /:owner/:repo/actions/runs/:run_id/job/:job_id
  GET /:owner/:repo/actions/runs/:run_id/artifacts/:artifact_id
`
  .trim()
  .split(/\s*\n\s*/);
