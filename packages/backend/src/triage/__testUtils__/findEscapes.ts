// SPDX-License-Identifier: Apache-2.0
import { allNodes, readMarkdown } from './standIns';

const ACTIVE = new Set([
  'image',
  'imageReference',
  'definition',
  'footnoteReference',
  'footnoteDefinition',
  'linkReference',
  'link',
]);
/** What GitHub makes something of in plain text. */
const REFERENCE =
  /(?:^|[^\w`])@[a-z0-9]|(?:^|\W)#\d|\bGH-\d|https?:\/\/|\bwww\.|\b[0-9a-f]{40}\b|\$\$|\[!/i;
/** Around lines that are folded: written by us alone. */
const FOLD =
  /^(?:<details>\n<summary>[\d,]+ more lines? of what was kept<\/summary>|<\/details>)$/;

/**
 * What a text of ours would do on GitHub beside being read: images, links that are
 * not ours, HTML, mentions, references, fences that end early, slash commands.
 */
export function findEscapes(
  markdown: string,
  ours: { html: string[]; links: string[] },
): string[] {
  const nodes = allNodes(readMarkdown(markdown));
  const folds = nodes.filter(
    ({ type, value }) => type === 'html' && FOLD.test(value),
  );
  return [
    ...markdown
      .split(/\r\n|[\n\r\u2028\u2029\u0085]/)
      .filter(line => /^\s{0,3}\/[a-z]/.test(line))
      .map(line => `command ${line}`),
    ...(folds.every(
      ({ value }, at) => value.startsWith('</') === (at % 2 === 1),
    ) && folds.length % 2 === 0
      ? []
      : ['folds that do not open and close in turn']),
    ...nodes.flatMap(({ type, value, url }) => {
      if (ACTIVE.has(type)) {
        return type === 'link' && ours.links.some(link => url.startsWith(link))
          ? []
          : [`${type} ${url}`];
      }
      if (type === 'html') {
        return FOLD.test(value) || ours.html.includes(value)
          ? []
          : [`html ${value}`];
      }
      return type === 'text' && REFERENCE.test(value) ? [`text ${value}`] : [];
    }),
  ];
}

/** A title is no Markdown, but mails and messages make something of these. */
export function findTitleEscapes(title: string): string[] {
  return REFERENCE.test(title) ? [`title ${title}`] : [];
}

/** All texts in a value, as they were before they became JSON. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, each]) => [key, ...textsOf(each)])
    : [];
}
