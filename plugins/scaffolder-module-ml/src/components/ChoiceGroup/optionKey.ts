import { CHOICE_OPTIONS } from '@greenroom/plugin-scaffolder-ml-common';

/** A choice of the golden path that has a list of options. */
export type Choice = keyof typeof CHOICE_OPTIONS;

/** The values that it may have. */
export type Option<C extends Choice> = keyof (typeof CHOICE_OPTIONS)[C] &
  string;

/** What an option is called among the words of this package. */
export type OptionKey = { [C in Choice]: `${C}.${Option<C>}` }[Choice];

/** The options of a choice, in the order of the form. */
export function optionsOf<C extends Choice>(choice: C): Option<C>[] {
  return Object.keys(CHOICE_OPTIONS[choice]) as Option<C>[];
}

/** For example `framework.xgboost`. */
export function optionKey<C extends Choice>(
  choice: C,
  option: Option<C>,
): OptionKey {
  return `${choice}.${option}` as OptionKey;
}
