// SPDX-License-Identifier: Apache-2.0
import type { LineKind } from '../types';

const SCHEMA = [
  'Send all features that the model was trained with, in name, number and type (its signature), or serve the model version that fits the client.',
  'Roll back whichever changed last: client, feature pipeline, server or model.',
  'Check requests against the signature before the model does.',
];

/** Requests that the model cannot take, and answers that cannot be given. */
export const MODEL_INPUT_KINDS: LineKind[] = [
  {
    id: 'feature-count',
    type: 'model-input',
    pattern:
      /number of features in data \((?<got>\d{1,6})\) is not the same as it was in training data \((?<want>\d{1,6})\)|X has (?<got2>\d{1,6}) features, but (?<est>\w{1,60}) is expecting (?<want2>\d{1,6}) features|[Ff]eature shape mismatch, expected: (?<want3>\d{1,6}), got:? (?<got3>\d{1,6})|[Ee]xpected (?<want4>\d{1,6}) (?:features|columns),? (?:but )?(?:got|received|found) (?<got4>\d{1,6})|\((?<want5>\d{1,6}) vs\.? (?<got5>\d{1,6})\) ?: ?Number of columns does not match/,
    say: 'Requests have {got} features where the model was trained with {want}: the feature count does not match and the shape check fails each such request',
    steps: SCHEMA,
    weight: 6,
  },
  {
    id: 'feature-names',
    type: 'model-input',
    pattern:
      /feature names should match those that were passed during fit|feature_names mismatch|did not have the following fields|training data did not have|[Cc]olumns? (?:are|is) missing: ?(?<what>[^\n]{1,80})|Model is missing inputs (?<what2>\[[^\]\n]{1,120}\])|(?<what3>\[[^\]\n]{1,120}\]) not (?:found )?in (?:axis|index)|Failed to enforce schema|Incompatible input types for column (?<what4>\w{1,60})|[Mm]issing (?:required )?(?:feature|column|input)s?:? (?<what5>[^\n]{1,80})|unexpected inference input '(?<what6>[\w.-]{1,60})'|Can not safely convert|schema mismatch/,
    say: 'Requests do not match the schema (signature) of the model: feature names, columns or types differ from those of the training ({what})',
    steps: SCHEMA,
    weight: 6,
  },
  {
    id: 'unknown-category',
    type: 'model-input',
    pattern:
      /Found unknown categories(?: in columns)? (?<what>\[[^\]\n]{1,100}\])|\bunseen(?:_values)?=(?<what4>\[[^\]\n]{1,100}\])|y contains previously unseen labels|previously unseen labels?:? (?<what2>[^\n]{1,80})|unknown (?:category|label|class) (?<what3>'[^'\n]{1,60}')/,
    say: 'Requests hold unknown categories, values that the model has never seen at training ({what}), which its encoder refuses or takes for none',
    steps: [
      'Let the encoder ignore unknown categories (handle_unknown) or map them; retrain with the new category.',
      'Look at what the feature source changed.',
    ],
    weight: 6,
  },
  {
    id: 'nan',
    type: 'model-input',
    pattern:
      /Input (?:X |y )?contains (?:NaN|infinity)|Out of range float values are not JSON compliant|contains either `inf`, `nan`|(?:prediction|output|logits|score|loss)s?[^\n]{0,30}(?:is|are|=|:) ?(?:NaN|nan)\b|cannot convert float NaN to integer/,
    say: 'NaN values: the input features or the model\u2019s output hold NaN/infinite values (missing values upstream, or numeric overflow of float16), so that the answer cannot be computed or encoded',
    steps: [
      'Find where the missing values come from (feature pipeline, join, null default) and impute or refuse them before the model.',
      'With float16, serve in bfloat16 or float32.',
    ],
    weight: 5,
  },
  {
    id: 'context-length',
    type: 'model-input',
    pattern:
      /maximum context length is (?<max>\d{1,8}) tokens|longer than the (?:specified )?maximum (?:sequence |model )?length[^\n]{0,30}?(?:\((?<got>\d{1,8}))?|Input prompt \((?<got2>\d{1,8}) tokens\) is too long|index out of range in self|prompt (?:is )?too long/i,
    say: 'Prompts or inputs are longer than the model takes (context length, max_model_len {max}), and are refused or break the embedding lookup',
    steps: [
      'Truncate or chunk inputs at the client to the model\u2019s context length, or raise max_model_len if the memory allows it.',
    ],
    weight: 5,
  },
  {
    id: 'tensor-shape',
    type: 'model-input',
    pattern:
      /Got invalid dimensions for input: ?(?<what>\w{0,60})|Unexpected input data type|unexpected shape for input '(?<what2>[\w.-]{1,60})'|unexpected datatype|mat1 and mat2 shapes cannot be multiplied|[Ee]xpected (?:input )?(?:shape|dtype|data-?type)[^\n]{0,80}(?:got|but|received)|could not convert string to float|expected scalar type \w{1,20} but found|Input \d{1,3} of layer[^\n]{0,100}is incompatible|Matrix size-incompatible|cannot reshape array of size|setting an array element with a sequence|ValueError: [^\n]{0,40}shapes? [^\n]{0,60}not aligned/,
    say: 'Requests have a shape or data type (dtype) that the model does not take ({what}): preprocessing and model do not match',
    steps: SCHEMA,
    weight: 5,
  },
  {
    id: 'payload-too-large',
    type: 'model-input',
    pattern:
      /Received message larger than max \((?<got>\d{1,12}) vs\.? (?<max>\d{1,12})\)|client intended to send too large (?:chunked )?body|413 (?:Request Entity|Payload|Content) Too Large|larger than max[^\n]{0,40}(?:message|body|size)|(?:payload|body|message) (?:is )?too large|exceeds (?:the )?(?:max(?:imum)?|limit)[^\n]{0,40}(?:body|message|payload|request) size/i,
    say: 'Requests or answers are larger than the limit of the server or proxy (gRPC message size, body size; {got} against {max}), and are refused',
    steps: [
      'Raise the message or body size limit on both ends (gRPC max_receive_message_length, proxy-body-size), or send smaller batches.',
    ],
    weight: 6,
  },
  {
    id: 'version-mismatch-requested',
    type: 'model-version',
    pattern:
      /Servable not found for request: (?:Specific|Latest)\((?<what>[^)\n]{1,80})\)|(?:Model|model) '?(?<what2>[\w.-]{1,60})'? (?:version \d{1,6} )?(?:is )?not (?:found|ready|loaded)|Request for unknown model: '(?<what3>[\w.-]{1,60})'/,
    say: 'Requests ask for a model or version that is not loaded ({what}): name or version of client and server differ',
    steps: [
      'Serve the version that clients ask for, or make them ask for the one that is served; roll back the last model change.',
    ],
    weight: 5,
  },
  {
    id: 'validation',
    type: 'model-input',
    pattern:
      /\d{1,3} validation errors? for (?<what>\w{1,60})|(?:field|Field) required|Unprocessable Entity|KeyError: '(?<what2>[a-z]\w{0,40})'/,
    say: 'Requests do not have the form that the service expects ({what}): a field is missing or named otherwise',
    steps: SCHEMA,
    weight: 3.5,
  },
];
