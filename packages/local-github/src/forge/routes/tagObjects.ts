import { Router } from 'express';
import { z } from 'zod';
import { nodeId } from '../database';
import type { Forge } from '../Forge';
import { gitText } from '../git/git';
import { findRepository } from '../http/access';
import { requireCaller } from '../http/authenticate';
import { parseBody, route } from '../http/route';
import { isRefName, isSha } from '../names';
import { noreplySignature, personSchema, signatureOf } from '../signatures';
import type { ForgeRepository } from '../types';
import { requireObject } from './gitData';

const tagBody = z.object({
  tag: z.string().refine(isRefName, 'is not a valid tag name'),
  message: z.string(),
  object: z.string().refine(isSha, 'must be a full SHA-1'),
  type: z.enum(['commit', 'tree', 'blob']),
  tagger: personSchema.nullish(),
});

/** Annotated tags as objects of the Git database API. */
export function tagObjectRoutes(forge: Forge): Router {
  const router = Router();
  const apiUrl = (repository: ForgeRepository) =>
    `${forge.urls.api}/repos/${repository.fullName}`;

  const tagBodyOf = async (repository: ForgeRepository, id: string) => {
    const text = await gitText(repository.gitDir, ['cat-file', 'tag', id]);
    const end = text.indexOf('\n\n');
    const field = (name: string) =>
      new RegExp(`^${name} (.*)$`, 'm').exec(text.slice(0, end))?.[1] ?? '';
    const [, name, email, seconds] =
      /^([^<]*) <([^>]*)> (\d+) [+-]\d{4}$/.exec(field('tagger')) ?? [];
    const target = field('object');
    return {
      node_id: nodeId('Tag', id),
      sha: id,
      url: `${apiUrl(repository)}/git/tags/${id}`,
      tagger: {
        name: name ?? '',
        email: email ?? '',
        date: new Date(Number(seconds ?? 0) * 1000).toISOString(),
      },
      object: {
        sha: target,
        type: field('type'),
        url: `${apiUrl(repository)}/git/${field('type')}s/${target}`,
      },
      tag: field('tag'),
      message: text.slice(end + 2),
    };
  };

  router.get(
    '/repos/:owner/:repo/git/tags/:sha',
    route(async (req, res) => {
      const repository = findRepository(forge, req, res, 'contents', 'read');
      await requireObject(repository, req.params.sha, 'tag');
      res.json(await tagBodyOf(repository, req.params.sha));
    }),
  );

  router.post(
    '/repos/:owner/:repo/git/tags',
    route(async (req, res) => {
      const repository = findRepository(forge, req, res, 'contents', 'write');
      const input = parseBody(req, 'Tag', tagBody);
      await requireObject(repository, input.object, input.type);
      const tagger = signatureOf(
        input.tagger,
        noreplySignature(requireCaller(res).login),
      );
      const clean = (value: string) => value.replace(/[<>\n]/g, '');
      const seconds = Math.floor(Date.parse(tagger.date) / 1000);
      const id = await gitText(repository.gitDir, ['mktag'], {
        input:
          `object ${input.object}\ntype ${input.type}\ntag ${input.tag}\n` +
          `tagger ${clean(tagger.name)} <${clean(tagger.email)}> ${seconds} +0000\n\n${input.message}\n`,
      });
      res.status(201).json(await tagBodyOf(repository, id));
    }),
  );

  return router;
}
