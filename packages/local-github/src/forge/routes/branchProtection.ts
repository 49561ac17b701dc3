import { Router } from 'express';
import { z } from 'zod';
import type { Forge } from '../Forge';
import { readRef } from '../git/refs';
import { findRepository } from '../http/access';
import { ApiError } from '../http/errors';
import { parseBody, route } from '../http/route';
import { encodePath } from '../serialize/urls';
import type { RecordStores } from '../stores/createRecordStores';
import type { ForgeRepository } from '../types';

type Protection = NonNullable<
  ReturnType<RecordStores['branchProtection']['get']>
>['data'];

const protectionInput = z.object({
  required_status_checks: z
    .object({
      strict: z.boolean(),
      contexts: z.array(z.string()).optional(),
      checks: z.array(z.object({ context: z.string() })).optional(),
    })
    .nullable(),
  enforce_admins: z.boolean().nullable(),
  required_pull_request_reviews: z
    .object({
      dismiss_stale_reviews: z.boolean().default(false),
      require_code_owner_reviews: z.boolean().default(false),
      required_approving_review_count: z
        .number()
        .int()
        .min(0)
        .max(6)
        .default(1),
      require_last_push_approval: z.boolean().default(false),
    })
    .nullable(),
  restrictions: z.looseObject({}).nullable(),
  required_linear_history: z.boolean().default(false),
  allow_force_pushes: z.boolean().nullish(),
  allow_deletions: z.boolean().default(false),
  block_creations: z.boolean().default(false),
  required_conversation_resolution: z.boolean().default(false),
  lock_branch: z.boolean().default(false),
});

/** GitHub's `branch-protection`. */
export function protectionBody(
  forge: Forge,
  repository: ForgeRepository,
  branch: string,
  data: Protection,
) {
  const url = `${forge.urls.api}/repos/${repository.fullName}/branches/${encodePath(branch)}/protection`;
  return {
    url,
    ...(data.requiredStatusChecks && {
      required_status_checks: {
        url: `${url}/required_status_checks`,
        strict: data.requiredStatusChecks.strict,
        contexts: data.requiredStatusChecks.contexts,
        contexts_url: `${url}/required_status_checks/contexts`,
        checks: data.requiredStatusChecks.contexts.map(context => ({
          context,
          app_id: null,
        })),
      },
    }),
    ...(data.reviews && {
      required_pull_request_reviews: {
        url: `${url}/required_pull_request_reviews`,
        dismiss_stale_reviews: data.reviews.dismissStaleReviews,
        require_code_owner_reviews: data.reviews.requireCodeOwnerReviews,
        require_last_push_approval: data.reviews.requireLastPushApproval,
        required_approving_review_count:
          data.reviews.requiredApprovingReviewCount,
      },
    }),
    required_signatures: {
      url: `${url}/required_signatures`,
      enabled: data.signatures,
    },
    enforce_admins: {
      url: `${url}/enforce_admins`,
      enabled: data.enforceAdmins,
    },
    required_linear_history: { enabled: data.linearHistory },
    allow_force_pushes: { enabled: data.allowForcePushes },
    allow_deletions: { enabled: data.allowDeletions },
    block_creations: { enabled: data.blockCreations },
    required_conversation_resolution: { enabled: data.conversationResolution },
    lock_branch: { enabled: data.lockBranch },
    allow_fork_syncing: { enabled: false },
  };
}

/** Branch protection is kept and answered; forge enforces none of it. */
export function branchProtectionRoutes(forge: Forge): Router {
  const router = Router();
  const store = forge.records.branchProtection;
  const base = '/repos/:owner/:repo/branches/:branch(*)/protection';

  const requireProtection = (repository: ForgeRepository, branch: string) => {
    const entry = store.get(repository.id, branch);
    if (!entry) {
      throw new ApiError(404, 'Branch not protected');
    }
    return entry.data;
  };

  router.get(
    base,
    route((req, res) => {
      const repository = findRepository(
        forge,
        req,
        res,
        'administration',
        'admin',
      );
      const data = requireProtection(repository, req.params.branch);
      res.json(protectionBody(forge, repository, req.params.branch, data));
    }),
  );

  router.put(
    base,
    route(async (req, res) => {
      const repository = findRepository(
        forge,
        req,
        res,
        'administration',
        'admin',
      );
      const { branch } = req.params;
      if (!(await readRef(repository.gitDir, `refs/heads/${branch}`))) {
        throw new ApiError(404, 'Branch not found');
      }
      const input = parseBody(req, 'ProtectedBranch', protectionInput);
      const checks = input.required_status_checks;
      const reviews = input.required_pull_request_reviews;
      const { data } = store.set(repository.id, branch, {
        requiredStatusChecks: checks && {
          strict: checks.strict,
          contexts:
            checks.contexts ??
            checks.checks?.map(({ context }) => context) ??
            [],
        },
        enforceAdmins: input.enforce_admins ?? false,
        reviews: reviews && {
          dismissStaleReviews: reviews.dismiss_stale_reviews,
          requireCodeOwnerReviews: reviews.require_code_owner_reviews,
          requiredApprovingReviewCount: reviews.required_approving_review_count,
          requireLastPushApproval: reviews.require_last_push_approval,
        },
        linearHistory: input.required_linear_history,
        allowForcePushes: input.allow_force_pushes ?? false,
        allowDeletions: input.allow_deletions,
        blockCreations: input.block_creations,
        conversationResolution: input.required_conversation_resolution,
        lockBranch: input.lock_branch,
        signatures: store.get(repository.id, branch)?.data.signatures ?? false,
      });
      res.json(protectionBody(forge, repository, branch, data));
    }),
  );

  router.delete(
    base,
    route((req, res) => {
      const repository = findRepository(
        forge,
        req,
        res,
        'administration',
        'admin',
      );
      requireProtection(repository, req.params.branch);
      store.remove(repository.id, req.params.branch);
      res.status(204).end();
    }),
  );

  for (const method of ['get', 'post', 'delete'] as const) {
    router[method](
      `${base}/required_signatures`,
      route((req, res) => {
        const repository = findRepository(
          forge,
          req,
          res,
          'administration',
          'admin',
        );
        const { branch } = req.params;
        const data = requireProtection(repository, branch);
        if (method !== 'get') {
          store.set(repository.id, branch, {
            ...data,
            signatures: method === 'post',
          });
        }
        if (method === 'delete') {
          res.status(204).end();
          return;
        }
        const next = requireProtection(repository, branch);
        res.json(
          protectionBody(forge, repository, branch, next).required_signatures,
        );
      }),
    );
  }

  return router;
}
