// SPDX-License-Identifier: Apache-2.0
import type { Request, Response } from 'express';

/** The window of a list that a request asks for. */
export interface Page {
  number: number;
  size: number;
  offset: number;
}

function integer(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,9}$/.test(value)
    ? Number(value)
    : undefined;
}

/** Reads `page` and `per_page` as GitHub does: 30 a page unless told, 100 at most. */
export function readPage(req: Request): Page {
  const asked = integer(req.query.per_page);
  const size = asked ? Math.min(asked, 100) : 30;
  const number = Math.max(integer(req.query.page) ?? 1, 1);
  return { number, size, offset: (number - 1) * size };
}

/** Sets the `Link` header; `hasMore` without a total leaves `rel="last"` out. */
export function setLinkHeader(
  req: Request,
  res: Response,
  page: Page,
  options: { total?: number; hasMore?: boolean },
): void {
  const last =
    options.total === undefined
      ? undefined
      : Math.max(Math.ceil(options.total / page.size), 1);
  const hasMore =
    last === undefined ? Boolean(options.hasMore) : page.number < last;
  const link = (number: number, rel: string) => {
    const url = new URL(
      req.originalUrl,
      `${req.protocol}://${req.get('host') ?? 'localhost'}`,
    );
    url.searchParams.set('page', String(number));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links: string[] = [];
  if (page.number > 1) {
    links.push(link(page.number - 1, 'prev'));
  }
  if (hasMore) {
    links.push(link(page.number + 1, 'next'));
    if (last !== undefined) {
      links.push(link(last, 'last'));
    }
  }
  if (page.number > 1) {
    links.push(link(1, 'first'));
  }
  if (links.length > 0) {
    res.setHeader('Link', links.join(', '));
  }
}

/** The page of a list that is complete in memory, with its `Link` header. */
export function paginate<T>(req: Request, res: Response, items: T[]): T[] {
  const page = readPage(req);
  setLinkHeader(req, res, page, { total: items.length });
  return items.slice(page.offset, page.offset + page.size);
}
