// SPDX-License-Identifier: Apache-2.0

/** A time stands at the start of a line, or near it. */
const HEAD = 200;

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

const ISO =
  /(\d{4})[-/](\d\d|[A-Z][a-z]{2})[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|[+-]\d\d:?\d\d))?/;
const COMMON_LOG =
  /(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ?([+-]\d{4})?/;
/** vLLM `04-02 14:03:54`, klog `I0402 14:03:54.123`, syslog `Apr  2 14:03:54`. */
const NO_YEAR =
  /(?:\b(\d\d)-(\d\d)|\b[IWEF](\d\d)(\d\d)|\b([A-Z][a-z]{2}) {1,2}(\d{1,2})) (\d\d):(\d\d):(\d\d)/;
const EPOCH =
  /"(?:ts|time|timestamp)": ?(\d{10})(?:\.\d{1,9})?\b|"(?:ts|time|timestamp)": ?(\d{13})\b/;

const checked = (ms: number) => (Number.isFinite(ms) ? ms : undefined);

const monthOf = (name: string) => MONTHS.indexOf(name.toLowerCase()) + 1;

function offset(zone: string | undefined): number {
  if (!zone || zone === 'Z') {
    return 0;
  }
  const digits = zone.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

/**
 * When a line was written, in milliseconds since 1970, by its own words; without a
 * zone as UTC, which is what containers run in.
 *
 * @param near - tells the year, where the line does not
 */
export function lineTime(text: string, near: number): number | undefined {
  const head = text.slice(0, HEAD);
  const iso = ISO.exec(head);
  if (iso) {
    const [, year, month, day, hour, minute, second, part, zone] = iso;
    const number = /\d/.test(month) ? Number(month) : monthOf(month);
    const ms = Number((part ?? '').padEnd(3, '0').slice(0, 3));
    return checked(
      Date.UTC(+year, number - 1, +day, +hour, +minute, +second, ms) -
        offset(zone),
    );
  }
  const common = COMMON_LOG.exec(head);
  if (common) {
    const [, day, month, year, hour, minute, second, zone] = common;
    return checked(
      Date.UTC(+year, monthOf(month) - 1, +day, +hour, +minute, +second) -
        offset(zone),
    );
  }
  const short = NO_YEAR.exec(head);
  if (short) {
    const month = short[5] ? monthOf(short[5]) : Number(short[1] ?? short[3]);
    const day = Number(short[2] ?? short[4] ?? short[6]);
    const year = new Date(near).getUTCFullYear();
    return checked(
      Date.UTC(year, month - 1, day, +short[7], +short[8], +short[9]),
    );
  }
  const epoch = EPOCH.exec(head);
  return epoch
    ? checked(epoch[2] ? Number(epoch[2]) : Number(epoch[1]) * 1000)
    : undefined;
}
