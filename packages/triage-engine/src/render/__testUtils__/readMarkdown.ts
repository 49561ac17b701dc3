// SPDX-License-Identifier: Apache-2.0
import type { Content, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

/** A node as a CommonMark and GFM parser sees it. */
export interface MarkdownNode {
  type: string;
  /** Of text, code and HTML. */
  value: string;
  /** Of links and images. */
  url: string;
  children: MarkdownNode[];
}

function read(node: Root | Content): MarkdownNode {
  return {
    type: node.type,
    value: 'value' in node ? node.value : '',
    url: 'url' in node ? node.url : '',
    children: 'children' in node ? node.children.map(read) : [],
  };
}

/** Parses as GitHub does: CommonMark with tables, autolinks, strikethrough, footnotes, tasks. */
export function readMarkdown(text: string): MarkdownNode {
  return read(
    fromMarkdown(text, {
      extensions: [gfm()],
      mdastExtensions: [gfmFromMarkdown()],
    }),
  );
}

/** All nodes, the outer ones first. */
export function allNodes(node: MarkdownNode): MarkdownNode[] {
  return [node, ...node.children.flatMap(allNodes)];
}
