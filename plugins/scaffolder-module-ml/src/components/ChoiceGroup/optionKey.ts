// SPDX-License-Identifier: Apache-2.0
import {
  listOptions,
  type ChosenOptions,
} from '@greenroom/plugin-scaffolder-ml-common';

type Options = ChosenOptions<'model'> & ChosenOptions<'delivery'>;

/** A choice of the golden path that has a list of options. */
export type Choice = keyof Options;

/** The values that it may have. */
export type Option<C extends Choice> = Options[C];

/** What an option is called among the words of this package. */
export type OptionKey = { [C in Choice]: `${C}.${Option<C>}` }[Choice];

/** The options of a choice, in the order of the form. */
export function optionsOf<C extends Choice>(choice: C): Option<C>[] {
  const options = { ...listOptions('model'), ...listOptions('delivery') };
  return options[choice] as Option<C>[];
}

/** For example `framework.xgboost`. */
export function optionKey<C extends Choice>(
  choice: C,
  option: Option<C>,
): OptionKey {
  return `${choice}.${option}` as OptionKey;
}
