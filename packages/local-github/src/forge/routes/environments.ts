import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { nodeId } from '../database';
import type { Forge } from '../Forge';
import { findRepository } from '../http/access';
import { notFound } from '../http/errors';
import { parseBody, route } from '../http/route';
import { simpleUser } from '../serialize/user';
import type { RecordStores } from '../stores/createRecordStores';
import type { ForgeRepository } from '../types';

type Environment = ReturnType<RecordStores['environments']['list']>[number];

const environmentBody = z.object({
  wait_timer: z.number().int().min(0).max(43_200).default(0),
  prevent_self_review: z.boolean().default(false),
  reviewers: z
    .array(z.object({ type: z.enum(['User', 'Team']), id: z.number() }))
    .max(6)
    .nullish(),
  deployment_branch_policy: z
    .object({
      protected_branches: z.boolean(),
      custom_branch_policies: z.boolean(),
    })
    .nullish(),
});

const policyBody = z.object({
  name: z.string().min(1),
  type: z.enum(['branch', 'tag']).default('branch'),
});

/** Deployment environments are kept and answered; their rules hold nothing back here. */
export function environmentRoutes(forge: Forge): Router {
  const router = Router();
  const base = '/repos/:owner/:repo/environments';
  const store = forge.records.environments;

  const serialize = (repository: ForgeRepository, entry: Environment) => {
    const { data } = entry;
    const path = `${repository.fullName}/environments/${encodeURIComponent(entry.key)}`;
    const rule = (type: string, number: number) => ({
      id: entry.id * 10 + number,
      node_id: nodeId('GateRule', entry.id * 10 + number),
      type,
    });
    return {
      id: entry.id,
      node_id: nodeId('Environment', entry.id),
      name: entry.key,
      url: `${forge.urls.api}/repos/${path}`,
      html_url: `${forge.urls.web}/${repository.fullName}`,
      created_at: entry.createdAt,
      updated_at: entry.updatedAt,
      protection_rules: [
        ...(data.waitTimer > 0
          ? [{ ...rule('wait_timer', 1), wait_timer: data.waitTimer }]
          : []),
        ...(data.reviewers.length > 0
          ? [
              {
                ...rule('required_reviewers', 2),
                prevent_self_review: data.preventSelfReview,
                reviewers: data.reviewers.flatMap(({ type, id }) => {
                  const account =
                    type === 'User' ? forge.accounts.findById(id) : undefined;
                  return account
                    ? [{ type, reviewer: simpleUser(forge, account.login) }]
                    : [];
                }),
              },
            ]
          : []),
        ...(data.branchPolicy ? [rule('branch_policy', 3)] : []),
      ],
      deployment_branch_policy: data.branchPolicy,
    };
  };

  // A job's token reads environments with `actions: read`; nothing lets it change one.
  const find = (req: Request, res: Response, wanted: 'read' | 'admin') => {
    const repository = findRepository(forge, req, res, 'actions', wanted);
    const entry = store.get(repository.id, req.params.environment);
    if (!entry) {
      throw notFound();
    }
    return { repository, entry };
  };

  router.get(
    base,
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'actions', 'read');
      const entries = store.list(repository.id);
      res.json({
        total_count: entries.length,
        environments: entries.map(entry => serialize(repository, entry)),
      });
    }),
  );

  router.get(
    `${base}/:environment`,
    route((req, res) => {
      const { repository, entry } = find(req, res, 'read');
      res.json(serialize(repository, entry));
    }),
  );

  router.put(
    `${base}/:environment`,
    route((req, res) => {
      const repository = findRepository(
        forge,
        req,
        res,
        'administration',
        'admin',
      );
      const input = parseBody(req, 'Environment', environmentBody);
      const name = req.params.environment;
      const entry = store.set(repository.id, name, {
        waitTimer: input.wait_timer,
        preventSelfReview: input.prevent_self_review,
        reviewers: input.reviewers ?? [],
        branchPolicy: input.deployment_branch_policy ?? null,
        policies: store.get(repository.id, name)?.data.policies ?? [],
      });
      res.json(serialize(repository, entry));
    }),
  );

  router.delete(
    `${base}/:environment`,
    route((req, res) => {
      const { repository, entry } = find(req, res, 'admin');
      store.remove(repository.id, entry.key);
      res.status(204).end();
    }),
  );

  const serializePolicy = (
    policy: Environment['data']['policies'][number],
  ) => ({
    ...policy,
    node_id: nodeId('DeploymentBranchPolicy', policy.id),
  });

  router.get(
    `${base}/:environment/deployment-branch-policies`,
    route((req, res) => {
      const { policies } = find(req, res, 'read').entry.data;
      res.json({
        total_count: policies.length,
        branch_policies: policies.map(serializePolicy),
      });
    }),
  );

  router.post(
    `${base}/:environment/deployment-branch-policies`,
    route((req, res) => {
      const { repository, entry } = find(req, res, 'admin');
      const input = parseBody(req, 'DeploymentBranchPolicy', policyBody);
      const { policies } = entry.data;
      const known = policies.find(
        ({ name, type }) => name === input.name && type === input.type,
      );
      const policy = known ?? {
        id: entry.id * 1000 + policies.length + 1,
        ...input,
      };
      if (!known) {
        store.set(repository.id, entry.key, {
          ...entry.data,
          policies: [...policies, policy],
        });
      }
      res.json(serializePolicy(policy));
    }),
  );

  return router;
}
