// SPDX-License-Identifier: Apache-2.0

/** Of a longer message: its beginning, and its end, where chains have the cause. */
const HEAD_LENGTH = 200;
const TAIL_LENGTH = 400;

/** Most special first: what each replaces would be torn by those after it. */
const REPLACEMENTS: Array<[RegExp, string]> = [
  // eslint-disable-next-line no-control-regex
  [/[\u0000-\u001f\u007f\u200b-\u200f\u2060\ufeff]/g, ' '],
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s'"<>)\]]{1,300}/gi, '<url>'],
  [
    /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
    '<uuid>',
  ],
  [/\bsha256:[0-9a-f]{12,64}\b/gi, '<digest>'],
  [/\b0x[0-9a-f]{1,16}\b/gi, '<address>'],
  [
    /\b\d{4}-\d\d-\d\d(?:[T ]\d\d[:-]\d\d(?:[:-]\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?/g,
    '<time>',
  ],
  [/\b\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,6})?(?: ?[AP]M)?\b/g, '<time>'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b/g, '<host>'],
  [/\[[0-9a-f:]{2,45}\](?::\d{1,5})?/gi, '<host>'],
  [
    /\b(?:localhost|(?:[a-z0-9][a-z0-9-]{0,62}\.){1,8}(?!(?:py|java|kt|go|m?js|ts|[jt]sx|rb|rs|cc?|cpp|h|ya?ml|json|csv|sh|html|txt|toml|scala)\b)[a-z]{2,20}):\d{1,5}\b/gi,
    '<host>',
  ],
  [
    /\b(?:[a-z0-9][a-z0-9-]{0,62}\.){1,8}(?:com|org|net|io|dev|local|internal|cloud|svc|lan|corp|app|ai)\b(?!\.\w)/gi,
    '<host>',
  ],
  [/\bport[ =:]{1,3}\d{1,5}\b/gi, 'port <n>'],
  [/\bfv-az\d{1,6}-\d{1,6}\b/g, '<host>'],
  // ReplicaSet and pod suffixes of Kubernetes.
  [/-[0-9a-f]{8,10}-[a-z0-9]{5}\b/g, '-<pod>'],
  [/\b[0-9a-f]{7,64}\b(?=[^a-z]|$)/gi, '<hex>'],
  // Of the machine: temporary folders, and where the checkout happens to be.
  [/(?:\/private)?(?:\/var)?\/(?:tmp|folders)\/[^\s'":,)\]]{1,300}/g, '<tmp>'],
  [/\b[A-Z]:\\(?:[^\\\s'":,]{1,100}\\){1,20}/g, ''],
  [/\/(?:[\w.@+~-]{1,100}\/){1,30}(?=[\w.@+~-])/g, ''],
  [
    /\b\d{1,9}(?:[.,]\d{1,9})? ?(?:ms|s|sec|secs|seconds?|min|mins|minutes?|h|hours?|[KMGT]i?B|bytes|%)(?![\w])/g,
    '<n>',
  ],
  [
    /\bv?\d{1,6}\.\d{1,6}(?:\.\d{1,6}){0,3}(?:[-+.]?(?:rc|alpha|beta|dev|a|b|post|SNAPSHOT)[\d.-]{0,12})?\b/g,
    '<n>',
  ],
  [
    /(^|[^\w])[-+]?\d{1,30}(?:[.,]\d{1,30})?(?:e[-+]?\d{1,4})?(?![\w])/gi,
    '$1<n>',
  ],
  [/:<n>(?::<n>)?/g, ''],
  [/\bline <n>/g, 'line'],
  [/\s{1,400}/g, ' '],
];

/**
 * A message without what differs from run to run and machine to machine: numbers,
 * line numbers, times, durations, addresses, ports, hosts, URLs, ids, versions and
 * the folders of absolute paths. Of a long message the first 200 and the last 400
 * characters.
 */
export function normalizeMessage(text: string): string {
  let result =
    text.length > HEAD_LENGTH + TAIL_LENGTH
      ? `${text.slice(0, HEAD_LENGTH)} ${text.slice(-TAIL_LENGTH)}`
      : text;
  for (const [pattern, replacement] of REPLACEMENTS) {
    result = result.replace(pattern, replacement);
  }
  return result.trim().toLowerCase();
}
