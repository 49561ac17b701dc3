// SPDX-License-Identifier: Apache-2.0
import MarkdownIt from 'markdown-it';
import { Html } from './html';

// `html: false` escapes all markup of the text; links with schemes such as
// `javascript:` are left as text by markdown-it itself.
const renderer = new MarkdownIt({ html: false, linkify: false });

/** Renders untrusted Markdown; the page's Content-Security-Policy keeps its images from loading from elsewhere. */
export function renderMarkdown(text: string): Html {
  return new Html(renderer.render(text));
}
