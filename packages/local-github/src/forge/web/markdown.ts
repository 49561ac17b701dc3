// SPDX-License-Identifier: Apache-2.0
import MarkdownIt from 'markdown-it';
import { Html } from './html';

// `html: false` escapes all markup of the text; links with schemes such as
// `javascript:` are left as text by markdown-it itself.
const renderer = new MarkdownIt({ html: false, linkify: false });

/** A marker of the program that wrote the text; GitHub shows no comments. */
const LEADING_COMMENT = /^<!--[^>]{0,1000}-->\s*/;

/** Renders untrusted Markdown; the page's Content-Security-Policy keeps its images from loading from elsewhere. */
export function renderMarkdown(text: string): Html {
  return new Html(renderer.render(text.replace(LEADING_COMMENT, '')));
}
