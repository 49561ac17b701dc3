// SPDX-License-Identifier: Apache-2.0

/** The words of a name: `customerId`, `customer_id` and `Customer ID` have the same. */
function toWords(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(word => word !== '');
}

const ID_WORDS = new Set('id ids pid uid uuid guid'.split(' '));

const NUMBER_WORDS = new Set(
  'key no nr num number code index idx rowid rownames rowname serial'.split(
    ' ',
  ),
);

const SUBJECT_WORDS = new Set(
  `individual subject subj patient person participant respondent user customer client member
  household hh family firm company employee worker student pupil child animal rat plant
  plot case account device machine panelid`.split(/\s+/),
);

const TIME_WORDS = new Set(
  `date time timestamp datetime year years yr month months mon quarter qtr week weeks day days dy
  hour hours hr minute dt datum jahr monat tag`.split(/\s+/),
);

const SPLIT_WORDS = new Set(
  'train training istrain test istest split fold folds kfold partition holdout subset dataset set sample'.split(
    ' ',
  ),
);

const CERTAIN_SPLIT_WORDS = new Set(['train', 'holdout', 'fold', 'split']);

const hasWord = (name: string, words: ReadonlySet<string>) =>
  toWords(name).some(word => words.has(word));

/** Whether a name says that the column names somebody: `id`, `fid`, `customer_id`. */
export function isIdName(name: string): boolean {
  return hasWord(name, ID_WORDS) || /^[a-z]id$/i.test(name);
}

/** Whether a name says that things are numbered: `order no`, `code`, `index`. */
export function isNumberName(name: string): boolean {
  return isIdName(name) || hasWord(name, NUMBER_WORDS);
}

/** Whether a name says whose rows they are: `patient`, `firm`, `household`. */
export function isSubjectName(name: string): boolean {
  return hasWord(name, SUBJECT_WORDS);
}

/** Whether a name says when: `year`, `Order Date`. */
export function isTimeName(name: string): boolean {
  return hasWord(name, TIME_WORDS);
}

/** Whether a name says which rows are for training: `train`, `is_test`, `fold`. */
export function isSplitName(name: string): boolean {
  return (
    SPLIT_WORDS.has(toWords(name).join('')) ||
    hasWord(name, CERTAIN_SPLIT_WORDS)
  );
}
