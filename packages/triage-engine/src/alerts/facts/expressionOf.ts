// SPDX-License-Identifier: Apache-2.0
import type { AlertmanagerAlert } from '../read/alertmanager';

/** The address, where it is one that a browser may open. */
export function generatorUrl({
  generatorURL,
}: AlertmanagerAlert): URL | undefined {
  if (!URL.canParse(generatorURL)) {
    return undefined;
  }
  const url = new URL(generatorURL);
  return ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}

/** PromQL of an alert, as the address of its generator tells it. */
export function expressionOf(alert: AlertmanagerAlert): string | undefined {
  return generatorUrl(alert)?.searchParams.get('g0.expr') ?? undefined;
}
