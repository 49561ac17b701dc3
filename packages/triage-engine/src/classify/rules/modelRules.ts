// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import type { RuleContext } from '../createContext';
import type { ReadException, ReadFrame } from '../readException';
import type { LineRule, Rule, RuleMatch } from '../ruleTypes';
import { EXCEPTION } from '../lineForms';
import { rankLines } from '../rankLines';
import { readRuleLine } from '../readRuleLine';
import { environmentLines } from './environmentRules';
import { infrastructureLines } from './infrastructureRules';
import { memoryLines } from './memoryRules';
import { REFUSED } from './sentenceRules';
import { setupLines } from './setupRules';

/** Functions and modules that read data, as pandas, PyArrow, Spark and users name them. */
const DATA_FRAME =
  /\b(?:read_(?:csv|parquet|json|excel|table|feather|sql|fwf|orc)|load_(?:data|dataset|csv|table)|fetch_openml|_read|get_data|make_dataset)$|(?:^|[\\/])(?:data|dataset|datasets|data_loader|dataloader|dataloading|ingest|ingestion|schema|validation|preprocess|preprocessing|io)(?:_?\w{0,20})?\.py$|[\\/]pandas[\\/]io[\\/]|[\\/](?:pandera|great_expectations|pyarrow|tfdv|fastparquet|webdataset|datasets)[\\/]/;
const TRAIN_FRAME =
  /^(?:fit|fit_model|fit_transform|partial_fit|train|train_step|training_step|train_one_epoch|backward|cross_validate|cross_val_score|run_training|objective)$|(?:^|[\\/])(?:train|trainer|training|train_model|fit|tune|hpo|finetune|fine_tune|model|models)(?:_?\w{0,20})?\.py$|(?:^|[\\/])(?:sklearn|torch|xgboost|lightgbm|catboost|keras|tensorflow|transformers|pytorch_lightning|lightning|optuna|accelerate|statsmodels|jax|flax)[\\/]/;

const DATA_EXCEPTION =
  /^(?:pandas\.errors\.|pandas\._libs\.\w{1,40}\.(?:OutOfBounds|parsing)|pandera\.|pyarrow\.lib\.Arrow|great_expectations\.|datasets\.|dvc\.|jsonschema\.|pydantic\S{0,60}ValidationError|fastavro\.|UnicodeDecodeError|csv\.Error|_csv\.Error|EmptyDataError|ParserError|SchemaErrors?|DataError|DataLoader|tensorflow\.\S{0,60}DataLossError)/;

/** sklearn's and pandas' complaints that are about the rows, not about the model. */
const DATA_MESSAGE =
  /could not convert string to float|Input (?:X |y )?contains (?:NaN|infinity)|contains NaN, infinity|Found (?:array|input variables) with (?:0 (?:sample|feature)|inconsistent numbers of samples)|previously unseen labels|least populated class|not in index|None of \[|Missing column provided|Usecols do not match|time data .{1,100} doesn't match format|Unable to parse string|Length mismatch: Expected axis|columns? (?:are |is )?missing|missing columns?|feature names (?:should match|unseen)|Number of (?:classes|labels|rows)|must be the same length|No columns to parse|invalid literal for int|cannot convert float NaN to integer/i;
const DATA_FILE =
  /\.(?:csv|parquet|tsv|json[l]?|xlsx?|feather|npy|npz|h5|hdf5|avro|orc|arrow|tfrecord|pkl|zip|gz)\b|(?:^|[/'" ])data\//;

/** Where pandas looks up columns and labels: a KeyError there is one that the table lacks. */
const TABLE_LOOKUP =
  /[\\/]pandas[\\/]core[\\/](?:indexes|indexing|frame|series)/;

const CHAINED =
  /^(?:The above exception was the direct cause|During handling of the above)/;

const LOST = /\bloss[ =:]{1,3}(?:nan|inf)\b/i;

const isRepository = (path: string): boolean =>
  !/site-packages|dist-packages|[\\/]lib[\\/]python\d|^<|[\\/]runpy\.py$/.test(
    path,
  );

const matches = (
  { path, function: name }: ReadFrame,
  pattern: RegExp,
): boolean => pattern.test(path.slice(-200)) || pattern.test(name.slice(-100));

function typeOfException(
  exception: ReadException,
  { hint, printed }: RuleContext,
): FailureType | undefined {
  if (exception.language !== 'python') {
    return undefined;
  }
  const { name, message } = exception;
  if (/\bfor \w{0,60}(?:Settings|Config)\b/.test(message)) {
    return undefined;
  }
  if (DATA_EXCEPTION.test(name) || DATA_MESSAGE.test(message)) {
    // What the model made of the data, once its loss was none.
    return printed.some(({ text }) => LOST.test(text))
      ? 'training-error'
      : 'data-loading';
  }
  if (
    /FileNotFoundError|IsADirectoryError|NoSuchKey|KeyError|ClientError/.test(
      name,
    )
  ) {
    const isData =
      DATA_FILE.test(message) ||
      exception.frames.some(
        frame => matches(frame, DATA_FRAME) || TABLE_LOOKUP.test(frame.path),
      );
    if (isData) {
      return 'data-loading';
    }
  }
  if (
    /ModuleNotFoundError|ImportError|SyntaxError|IndentationError/.test(name)
  ) {
    return undefined;
  }
  // The innermost frame that says what the program was doing.
  for (const frame of [...exception.frames].reverse()) {
    if (matches(frame, TRAIN_FRAME)) {
      return 'training-error';
    }
    if (matches(frame, DATA_FRAME)) {
      return 'data-loading';
    }
  }
  const ownFrames = exception.frames.filter(({ path }) => isRepository(path));
  return ownFrames.length > 0 && /\b(?:re)?train/.test(hint)
    ? 'training-error'
    : undefined;
}

/** What is around a program: where it was raised says nothing of it. */
const AROUND = [
  ...memoryLines,
  ...environmentLines,
  ...infrastructureLines,
  ...setupLines.filter(({ id }) => id === 'credentials' || id === 'quota'),
  REFUSED,
];

/** So many lines of a chain are looked at. */
const CHAIN_LINES = 150;

/** A message that ends with a colon goes on below. */
const BELOW_LINES = 8;

/** Whether it, or an exception that it came out of, tells of a full disk, a server that is down, a refusal. */
function hasOtherCause(
  { name, message, line }: ReadException,
  { printed }: RuleContext,
): boolean {
  const before = printed.filter(
    each =>
      each.line.number < line.number &&
      each.line.number > line.number - CHAIN_LINES,
  );
  const chained = before.some(({ text }) => CHAINED.test(text))
    ? before.filter(({ text }) => EXCEPTION.test(text))
    : [];
  const below = /:\s{0,4}$/.test(message)
    ? printed.filter(
        each =>
          each.line.number > line.number &&
          each.line.number <= line.number + BELOW_LINES,
      )
    : [];
  return [
    `${name}: ${message}`,
    ...below.map(({ text }) => text),
    ...chained.map(({ text }) => text),
  ].some(sentence => AROUND.some(({ pattern }) => pattern.test(sentence)));
}

function matchException(
  context: RuleContext,
  type: FailureType,
): RuleMatch | undefined {
  const { exception } = context;
  if (exception && hasOtherCause(exception, context)) {
    return undefined;
  }
  if (!exception || typeOfException(exception, context) !== type) {
    return undefined;
  }
  const own = exception.frames.findLast(({ path }) => isRepository(path));
  // Of a chain of exceptions the one that tells most comes first.
  const heads = context.printed.filter(({ text }) => EXCEPTION.test(text));
  const [best] = rankLines(heads, () => false);
  const lines = [best?.line, exception.line, own?.line].flatMap(line =>
    line ? [readRuleLine(line)] : [],
  );
  return {
    evidence: context.evidence(
      lines.filter(
        ({ line }, index) =>
          lines.findIndex(each => each.line.number === line.number) === index,
      ),
    ),
  };
}

/** Where the exception that ended the step was raised, and over what. */
export const modelRules: Rule[] = [
  {
    id: 'exception-in-data',
    type: 'data-loading',
    reason:
      'The exception that ended the step is about the data, or was raised while they were read.',
    match: context => matchException(context, 'data-loading'),
  },
  {
    id: 'exception-in-training',
    type: 'training-error',
    reason:
      'The exception that ended the step was raised while the model was trained.',
    match: context => matchException(context, 'training-error'),
  },
];

/** Sentences of the model-service template, and of common libraries. */
export const modelLines: LineRule[] = [
  {
    id: 'gate-sentence',
    type: 'gate',
    reason: 'A check of the model says that a metric is not good enough.',
    pattern:
      /^(?:\w{1,40}Error: |AssertionError: )?(?:(?:[Mm]odel|[Qq]uality|[Mm]etrics?|[Vv]alidation|[Ee]valuation) (?:quality )?gate (?:has )?(?:FAILED|failed)\b|(?:[Mm]odel )?(?:[\w.]{1,40}) [\d.]{1,20} (?:is )?(?:below|under|less than|lower than|above|exceeds) (?:the )?(?:minimum |maximum |required |baseline |champion |quality )*(?:threshold|gate|minimum|maximum|baseline|champion)\b)/,
    scope: 'near',
  },
  {
    id: 'data-sentence',
    type: 'data-loading',
    reason: 'The data do not fit what is expected of them.',
    pattern:
      /^[^,:]{1,200}, row \d{1,9}(?:, column .{1,200})?: |: the target column .{1,200}(?: is empty| holds | has )|: no class of the target column|^.{1,200} has \d{1,9} rows with a value in .{1,200}; at least|has no (?:rows below its headers|column to learn from|column '[^']{1,100}' \(data\.target)|is empty; row 1 must hold the headers|^.{1,200} is not a table: |^\S{1,200}schema\.json (?:cannot be read|has )|has changed: its SHA-256 is|^https?:\S{1,300} cannot be downloaded: |^\S{1,200}\.(?:csv|tsv|parquet) cannot be read: |SchemaErrors?: |^(?:Error: )?[Ss]chema validation failed|^\d{1,9} (?:rows?|records?) failed (?:schema )?validation|[1-9]\d{0,4} of \d{1,5} expectations? (?:failed|were not met)|NoSuchKey|NoSuchBucket|\(404\) when calling the (?:Head|Get)Object|^ERROR: failed to pull data from the cloud|Checkout failed for following targets|Validation failed: .{0,100}(?:column|schema|expectation)/,
    scope: 'near',
  },
  {
    id: 'training-sentence',
    type: 'training-error',
    reason: 'The model could not be trained.',
    pattern:
      /^The model cannot be trained: |[Ll]oss (?:is|became|=|:) ?(?:nan|NaN|inf)\b|Loss is nan|ConvergenceError|training (?:diverged|did not converge)|^MLflow run \S{1,60} has (?:no metric|logged no model)|^[\w.-]{1,100}: model\.(?:parameters|task|algorithm)\b|XGBoostError|LightGBMError|CatBoostError|Training failed(?! with:)|Trial \d{1,6} failed with|NCCL error|ncclSystemError|RuntimeError: (?:mat1 and mat2 shapes|CUDA error|Expected all tensors|The size of tensor|element 0 of tensors)|InvalidArgumentError: /,
    scope: 'near',
  },
];
