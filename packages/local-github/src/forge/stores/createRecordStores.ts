import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { RecordStore } from './RecordStore';

const anyObject = z.record(z.string(), z.unknown());

const schemas = {
  branchProtection: z.object({
    requiredStatusChecks: z
      .object({ strict: z.boolean(), contexts: z.array(z.string()) })
      .nullable(),
    enforceAdmins: z.boolean(),
    reviews: z
      .object({
        dismissStaleReviews: z.boolean(),
        requireCodeOwnerReviews: z.boolean(),
        requiredApprovingReviewCount: z.number(),
        requireLastPushApproval: z.boolean(),
      })
      .nullable(),
    linearHistory: z.boolean(),
    allowForcePushes: z.boolean(),
    allowDeletions: z.boolean(),
    blockCreations: z.boolean(),
    conversationResolution: z.boolean(),
    lockBranch: z.boolean(),
    signatures: z.boolean(),
  }),
  environments: z.object({
    waitTimer: z.number(),
    reviewers: z.array(z.object({ type: z.string(), id: z.number() })),
    preventSelfReview: z.boolean(),
    branchPolicy: z
      .object({
        protected_branches: z.boolean(),
        custom_branch_policies: z.boolean(),
      })
      .nullable(),
    policies: z.array(
      z.object({ id: z.number(), name: z.string(), type: z.string() }),
    ),
  }),
  deployKeys: z.object({
    title: z.string(),
    key: z.string(),
    readOnly: z.boolean(),
  }),
  autolinks: z.object({
    key_prefix: z.string(),
    url_template: z.string(),
    is_alphanumeric: z.boolean(),
  }),
  pages: z.object({ buildType: z.string(), source: anyObject.optional() }),
  subscriptions: z.object({ subscribed: z.boolean(), ignored: z.boolean() }),
};

/** One store for each kind of setting that is kept. */
export function createRecordStores(db: Database) {
  return {
    branchProtection: new RecordStore(
      db,
      'branchProtection',
      schemas.branchProtection,
    ),
    environments: new RecordStore(db, 'environments', schemas.environments),
    deployKeys: new RecordStore(db, 'deployKeys', schemas.deployKeys),
    autolinks: new RecordStore(db, 'autolinks', schemas.autolinks),
    pages: new RecordStore(db, 'pages', schemas.pages),
    subscriptions: new RecordStore(db, 'subscriptions', schemas.subscriptions),
  };
}

export type RecordStores = ReturnType<typeof createRecordStores>;
