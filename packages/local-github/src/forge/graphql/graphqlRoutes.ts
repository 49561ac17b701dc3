// SPDX-License-Identifier: Apache-2.0
import { Router } from 'express';
import { buildSchema, graphql, type ExecutionResult } from 'graphql';
import { z } from 'zod';
import { createLock } from '../createLock';
import type { Forge } from '../Forge';
import { requireCaller } from '../http/authenticate';
import { ApiError } from '../http/errors';
import { route } from '../http/route';
import { simpleUser } from '../serialize/user';
import type { ForgeCaller } from '../types';
import {
  createCommitOnBranch,
  type CreateCommitOnBranchInput,
} from './createCommitOnBranch';
import { mutationTypeDefs } from './mutationTypeDefs';
import { GitHubGraphqlError } from './GitHubGraphqlError';
import { repositoryNode } from './repositoryNode';
import { typeDefs } from './typeDefs';

const requestBody = z.object({
  query: z.string().max(100_000),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

// Who comes too late is told before the commit is written, not after it.
const inTurn = createLock();

function rootValue(forge: Forge, caller: ForgeCaller) {
  return {
    viewer: () => {
      const { id, node_id, login, html_url } = simpleUser(forge, caller.login);
      return { id: node_id, databaseId: id, login, name: null, url: html_url };
    },
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const found = repositoryNode(forge, caller, owner, name);
      if (!found) {
        throw new GitHubGraphqlError(
          'NOT_FOUND',
          `Could not resolve to a Repository with the name '${owner}/${name}'.`,
        );
      }
      return found;
    },
    createCommitOnBranch: ({ input }: { input: CreateCommitOnBranchInput }) =>
      inTurn(0, () => createCommitOnBranch(forge, caller, input)),
  };
}

/** Errors as GitHub writes them: `type` beside the message, and nothing of what went wrong inside. */
function formatErrors(forge: Forge, errors: ExecutionResult['errors']) {
  return errors?.map(error => {
    const cause = error.originalError ?? error;
    const isInternal =
      error.originalError !== undefined &&
      !(cause instanceof GitHubGraphqlError);
    if (isInternal) {
      forge.logger.error(`GraphQL: ${error.originalError?.stack}`);
    }
    return {
      ...(cause instanceof GitHubGraphqlError && { type: cause.type }),
      ...(error.path && { path: error.path }),
      ...(error.locations && { locations: error.locations }),
      message: isInternal
        ? 'Something went wrong while executing your query.'
        : error.message,
    };
  });
}

/** `POST /api/graphql`; as on GitHub, anonymous queries are refused and errors come with status 200. */
export function graphqlRoutes(forge: Forge): Router {
  const router = Router();
  const schema = buildSchema(typeDefs + mutationTypeDefs);
  router.post(
    '/',
    route(async (req, res) => {
      const caller = requireCaller(res);
      const body = requestBody.safeParse(req.body);
      if (!body.success) {
        throw new ApiError(
          400,
          'A query attribute must be specified and must be a string.',
        );
      }
      const result = await graphql({
        schema,
        source: body.data.query,
        rootValue: rootValue(forge, caller),
        variableValues: body.data.variables ?? {},
        operationName: body.data.operationName,
      });
      res.json({
        ...(result.data !== undefined && { data: result.data }),
        ...(result.errors && { errors: formatErrors(forge, result.errors) }),
      });
    }),
  );
  return router;
}
