// SPDX-License-Identifier: Apache-2.0
export interface ConnectionArguments {
  first?: number | null;
  after?: string | null;
}

/** Relay's connection over a list that is complete in memory; cursors are opaque offsets. */
export function connection<T>(items: T[], args: ConnectionArguments) {
  const cursor = (index: number) =>
    Buffer.from(`cursor:${index}`).toString('base64');
  const after = args.after
    ? /^cursor:(\d+)$/.exec(Buffer.from(args.after, 'base64').toString())?.[1]
    : undefined;
  const start = after === undefined ? 0 : Number(after) + 1;
  const size = Math.min(Math.max(args.first ?? 30, 0), 100);
  const nodes = items.slice(start, start + size);
  return {
    nodes,
    edges: nodes.map((node, index) => ({
      node,
      cursor: cursor(start + index),
    })),
    totalCount: items.length,
    pageInfo: {
      hasNextPage: start + size < items.length,
      hasPreviousPage: start > 0,
      startCursor: nodes.length > 0 ? cursor(start) : null,
      endCursor: nodes.length > 0 ? cursor(start + nodes.length - 1) : null,
    },
  };
}
