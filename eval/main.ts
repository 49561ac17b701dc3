// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from 'node:util';
import { isHeld, renderFigures, type Figure } from './figures';

/** Loaded one by one, so that one part can run alone. */
const PARTS: Record<string, () => Promise<Figure[]>> = {
  'log-reduction': async () => [
    ...(await (
      await import('./log-reduction/scoreReduction')
    ).scoreReduction()),
    ...(await (await import('./log-reduction/scoreBlocks')).scoreBlocks()),
  ],
  reports: async () => (await import('./reports/scoreReports')).scoreReports(),
  tests: async () => (await import('./tests/figures')).testFigures(),
  classify: async () =>
    (await import('./classify/figures')).classificationFigures(),
  threads: async () => (await import('./threads/figures')).threadFigures(),
  alerts: async () =>
    (await import('./alert-incidents/figures')).alertFigures(),
  redact: async () => (await import('./redact/figures')).redactionFigures(),
  injection: async () =>
    (await import('./injection/figures')).injectionFigures(),
  evidence: async () => (await import('./evidence/figures')).evidenceFigures(),
  speed: async () => (await import('./speed/figures')).speedFigures(),
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, untimed: { type: 'boolean' } },
    allowPositionals: true,
  });
  const unknown = positionals.filter(name => !(name in PARTS));
  if (unknown.length > 0) {
    process.stderr.write(
      `There is no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}.\n`,
    );
    return 2;
  }

  const figures: Figure[] = [];
  for (const [name, score] of Object.entries(PARTS)) {
    const isWanted = positionals.length === 0 || positionals.includes(name);
    if (isWanted && !(values.untimed && name === 'speed')) {
      figures.push(...(await score()));
    }
  }
  process.stdout.write(
    values.json
      ? `${JSON.stringify(
          figures.map(figure => ({ ...figure, reached: isHeld(figure) })),
          null,
          2,
        )}\n`
      : `${renderFigures(figures)}\n`,
  );
  return figures.every(isHeld) ? 0 : 1;
}

main().then(
  code => {
    process.exitCode = code;
  },
  error => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  },
);
