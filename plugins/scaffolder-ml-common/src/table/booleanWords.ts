// SPDX-License-Identifier: Apache-2.0

/**
 * Pairs of words that say yes and no; a column holds those of one pair.
 * One letter alone says nothing, so that both of its pair must be there.
 */
const PAIRS: Array<[yes: string[], no: string[]]> = [
  [
    ['yes', 'y'],
    ['no', 'n'],
  ],
  [
    ['true', 't'],
    ['false', 'f'],
  ],
  [
    ['ja', 'j'],
    ['nein', 'n'],
  ],
  [
    ['oui', 'o'],
    ['non', 'n'],
  ],
  [
    ['sí', 'si', 'sì', 's'],
    ['no', 'n'],
  ],
  [
    ['sim', 's'],
    ['não', 'nao', 'n'],
  ],
  [['ja'], ['nee', 'nei', 'nej']],
  [['wahr'], ['falsch']],
  [['vrai'], ['faux']],
  [['on'], ['off']],
];

/** Finds which of a column's values say yes and which say no. */
export function findBooleanWords(
  values: string[],
): { true: string[]; false: string[] } | undefined {
  const folded = values.map(value => value.toLowerCase());
  const pair = PAIRS.find(([yes, no]) => {
    const all = [...yes, ...no];
    return (
      folded.every(word => all.includes(word)) &&
      (folded.some(word => word.length > 1) ||
        (folded.some(word => yes.includes(word)) &&
          folded.some(word => no.includes(word))))
    );
  });
  if (!pair || values.length === 0) {
    return undefined;
  }
  const pick = (words: string[]) =>
    values.filter((_, index) => words.includes(folded[index])).sort();
  return { true: pick(pair[0]), false: pick(pair[1]) };
}
