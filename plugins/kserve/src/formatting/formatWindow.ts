// SPDX-License-Identifier: Apache-2.0

const UNITS: Record<string, string> = { m: 'minute', h: 'hour', d: 'day' };

/** A window as Prometheus writes it (`30m`), in the locale's words, e.g. `30 min`. */
export function formatWindow(window: string, locale: string) {
  const unit = UNITS[window.slice(-1)];
  const count = Number(window.slice(0, -1));
  return unit && Number.isFinite(count)
    ? new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        unitDisplay: 'short',
      }).format(count)
    : window;
}
