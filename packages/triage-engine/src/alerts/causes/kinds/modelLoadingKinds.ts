// SPDX-License-Identifier: Apache-2.0
import type { LineKind } from '../types';

const VERSIONS = [
  'Pin the library to the version that the model was made with, or roll back to the previous image.',
  'Retrain or re-export the model with the versions that serve it, and record them with the model.',
];

const REFETCH = [
  'Upload the model again and compare its size and checksum with the source.',
  'Roll back to the previous model version until then.',
];

/** A model that cannot be loaded by what is to serve it. */
export const MODEL_LOADING_KINDS: LineKind[] = [
  {
    id: 'library-version',
    type: 'model-loading',
    pattern:
      /Trying to unpickle estimator (?<what>\w{1,60}) from version (?<from>\d[\w.]{0,16}\w) when using version (?<to>\d[\w.]{0,16}\w)/,
    say: 'The model file was pickled with scikit-learn {from} and is unpickled with scikit-learn {to}: the versions of the library do not match',
    steps: VERSIONS,
    // A warning alone does not end a server.
    weight: 4,
    also: /No module named '|Can't get attribute|AttributeError: |ModuleNotFoundError|ValueError: [^\n]{0,60}(?:dtype|incompatible)/,
  },
  {
    id: 'git-lfs-pointer',
    type: 'model-loading',
    pattern:
      /invalid load key, 'v'|version https:\/\/git-lfs|git-lfs pointer|(?:JSON|yaml)[^\n]{0,40}oid sha256/,
    say: 'The model file is only a Git LFS pointer, not the model itself, so that it cannot be unpickled: the large file was never downloaded',
    steps: [
      'Fetch the real file with Git LFS (git lfs pull; in CI lfs: true at the checkout) and upload the model again.',
    ],
    weight: 7,
  },
  {
    id: 'corrupt-model',
    type: 'model-loading',
    pattern:
      /invalid load key|pickle data was truncated|EOFError: Ran out of input|PytorchStreamReader failed|HeaderTooLarge|MetadataIncompleteBuffer|InvalidHeaderDeserialization|Error while deserializing header|BadZipFile|File is not a zip file|not a (?:valid )?(?:zip|gzip|HDF5) file|file signature not found|unexpected EOF[^\n]{0,80}(?:model|weights)|(?:checksum|hash|digest|size) mismatch[^\n]{0,60}(?:model|file|download|blob)|corrupt(?:ed)? (?:model|file|weights|checkpoint)|INVALID_PROTOBUF|Protobuf parsing failed|DataLoss/i,
    say: 'The model file is corrupt, truncated or incomplete (partial upload or download), so that loading it fails',
    steps: REFETCH,
    weight: 6,
  },
  {
    id: 'pickled-class-missing',
    type: 'model-loading',
    pattern:
      /Can't get attribute '(?<what>\w{1,80})' on <module '(?<where>[\w.]{1,80})'/,
    say: 'The pickled model needs {what} of the module {where}, which the serving image does not have: code or library version of training and serving differ',
    steps: [
      'Ship the module that defines the class in the serving image, under the same import path as at training.',
      ...VERSIONS,
    ],
    weight: 6,
  },
  {
    id: 'pickled-attribute-missing',
    type: 'model-loading',
    pattern:
      /AttributeError: '(?<what>\w{1,60})' object has no attribute '(?<attr>_\w{1,60}|monotonic_cst|base_estimator|estimator|n_features_|use_label_encoder|gpu_id|feature_types)'/,
    say: 'The unpickled {what} has no attribute {attr}: the model was pickled with another version of its library (scikit-learn, XGBoost) than the one that serves it, a version mismatch',
    steps: VERSIONS,
    weight: 6,
  },
  {
    id: 'numpy-abi',
    type: 'model-loading',
    pattern:
      /numpy\.dtype size changed|compiled using NumPy 1\.x cannot be run in|No module named 'numpy\._core|numpy\.core\.multiarray failed to import|module 'numpy' has no attribute|_ARRAY_API not found|is not a known BitGenerator|`np\.\w{1,20}` was removed in the NumPy 2/,
    say: 'The NumPy version of the image does not match the one that the model or a compiled library was built with (NumPy 1 against 2: binary incompatibility)',
    steps: [
      'Pin numpy to the version of the training environment (for example numpy<2) and rebuild the image.',
      ...VERSIONS,
    ],
    weight: 6,
  },
  {
    id: 'architecture-unknown',
    type: 'model-loading',
    pattern:
      /model type `?'?(?<what>[\w-]{1,60})`?'? but Transformers does not recognize this architecture|Model architectures \[(?<what2>[^\]\n]{1,80})\] (?:are not supported|failed to be inspected)|Unrecognized model in|Unknown layer: '?(?<what3>\w{1,60})|Op type not registered '(?<what4>\w{1,60})'|Unrecognized configuration class/,
    say: 'The serving image is too old for this model: it does not know its architecture or layers ({what})',
    steps: [
      'Upgrade the serving image (transformers, vLLM, TensorFlow) to a version that supports this model, or roll back to the previous model.',
    ],
    weight: 6,
  },
  {
    id: 'tokenizer-mismatch',
    type: 'model-loading',
    pattern:
      /did not match any variant of untagged enum|Tokenizer class (?<what>\w{1,60}) does not exist|Can't load tokenizer|tokenizer[^\n]{0,60}(?:mismatch|vocab size|incompatible)|Couldn't instantiate the backend tokenizer|As of transformers v4\.44, default chat template is no longer allowed|does not have a chat template/i,
    say: 'The tokenizer does not match the model or the installed tokenizers/transformers version, so that it cannot be loaded or used',
    steps: [
      'Deploy tokenizer and model files of the same revision, and upgrade or pin tokenizers/transformers to the version that wrote them.',
    ],
    weight: 5,
  },
  {
    id: 'state-dict',
    type: 'model-loading',
    pattern:
      /Error\(s\) in loading state_dict for (?<what>\w{1,60})|size mismatch for (?<what2>[\w.]{1,100})|Missing key\(s\) in state_dict|Weights only load failed|Unexpected key\(s\) in state_dict/,
    say: 'The checkpoint does not fit the model code ({what}): names or sizes of its weights differ, or torch.load refuses it with the new default weights_only=True',
    steps: [
      'Load the checkpoint with the code and configuration that it was trained with; roll back whichever changed last.',
    ],
    weight: 6,
  },
  {
    id: 'runtime-format',
    type: 'model-loading',
    pattern:
      /Unsupported model IR version: (?<from>\d{1,3}), max supported IR version: (?<to>\d{1,3})|[Oo]pset (?:version )?(?<opset>\d{1,3}) is (?:under development|not supported)|engine plan file is (?:not compatible|generated on an incompatible)|Engine deserialization failed|Serialization (?:assertion|Error)[^\n]{0,80}[Vv]ersion|Model format (?:error|is not supported)|serialisation_header|Unsupported pickle protocol|unsupported model format|bad magic number|invalid magic/,
    say: 'The model was exported in a format version that this runtime does not support: version of the exporter and of the serving runtime do not match ({from} against {to})',
    steps: [
      'Export the model again for the runtime that serves it (opset, IR or engine version), or upgrade the serving runtime; roll back until then.',
    ],
    weight: 6,
  },
  {
    id: 'gated-model',
    type: 'credentials',
    pattern:
      /gated repo|GatedRepoError|Access to model (?<what>[\w./-]{1,100}) is restricted|awaiting a review from the repo authors|Repository Not Found for url: https?:\/\/huggingface\.co\/(?<what2>[\w./-]{1,100})|Invalid (?:user token|username or password)[^\n]{0,60}(?:huggingface|hf_)/i,
    say: 'The model {what} is gated or private on Hugging Face, and the token of the container is missing, invalid or has no access (401/403), so that it cannot be downloaded',
    steps: [
      'Accept the licence of the model for the account, and give the container a valid token (HF_TOKEN from a secret).',
      'Mirror the model in your own storage.',
    ],
    weight: 7,
  },
  {
    id: 'hub-unreachable',
    type: 'upstream',
    pattern:
      /couldn't connect to 'https:\/\/huggingface\.co'|LocalEntryNotFoundError|HTTPSConnectionPool\(host='(?<host>[\w.-]{1,100})', port=\d{1,5}\): (?:Max retries exceeded|Read timed out)|429 Client Error: Too Many Requests for url: https?:\/\/(?<host2>[\w.-]{1,100})/,
    say: 'The container downloads at start from {host}, which cannot be reached or limits the rate (429), so that the model is not loaded',
    steps: [
      'Cache or mirror the model (PVC, object store, image) instead of downloading it at each start.',
      'Check egress, proxy and rate limit to that host; retry with a token.',
    ],
    weight: 5,
  },
  {
    id: 'no-version-directory',
    type: 'model-loading',
    pattern:
      /No versions of servable (?<what>\S{1,80}) found under base path (?<where>\S{1,200})/,
    say: 'The model is not where the server looks for it: TensorFlow Serving finds no version of {what} under the path {where}, since the directory is missing or empty, or since its version directory has a name that is not a number (only 1, 2, … are versions, v1.4.0 is none)',
    steps: [
      'Look at what the storage path holds (ls), and publish the model in a directory whose name is a number; or correct the path.',
    ],
    weight: 6.5,
  },
  {
    id: 'model-not-found',
    type: 'model-loading',
    pattern:
      /Could not find base path (?<what6>\S{1,100})|NoSuchKey|NoSuchBucket|The specified (?:key|bucket|blob|container) does not exist|RESOURCE_DOES_NOT_EXIST|Registered model alias (?<what2>\S{1,60}) not found|Registered Model with name=(?<what3>\S{1,60}) not found|Model Version \(name=[^\n]{1,100}not found|SavedModel file does not exist|Could not find SavedModel|does not appear to have a file named (?<what4>[\w.-]{1,60})|(?:No such file or directory|FileNotFoundError|cannot (?:open|find|stat))[^\n]{0,40}(?<what5>\/(?:mnt\/|opt\/|srv\/)?models?\/[\w./-]{1,120})|No model(?: file)?s? found (?:in|at|under)|Failed to fetch model|model path [^\n]{0,80}does not exist|unable to find [^\n]{0,40}model/i,
    say: 'The model is not where the server looks for it: {what|it} does not exist at the configured path, name, version or alias, so that it cannot be loaded',
    steps: [
      'Correct the storage path, model name, version or alias, or publish the model there.',
      'Roll back to the last version that exists.',
    ],
    weight: 6,
  },
  {
    id: 'missing-module',
    type: 'model-loading',
    pattern:
      /(?:ModuleNotFoundError|ImportError): (?:No module named '(?<what>[\w.]{1,80})'|cannot import name '(?<what2>\w{1,80})' from '(?<where>[\w.]{1,80})')|version `(?<what3>GLIBC\w{0,8}[\d._]{1,12})' not found|error while loading shared libraries: (?<what4>[\w.+-]{1,80})|(?<what5>lib[\w+-]{1,60}\.so[\d.]{0,10}): cannot open shared object file|undefined symbol|Descriptors cannot (?:not )?be created directly|NoClassDefFoundError|ClassNotFoundException/,
    say: 'The image lacks {what|a library} or has an incompatible version of it: a dependency of the code or the model does not match what is installed',
    steps: [
      'Pin and install the dependency in the image in the version that the code and the model were built with.',
      'Roll back to the previous image until then.',
    ],
    weight: 5,
  },
  {
    id: 'engine-settings',
    type: 'configuration',
    pattern:
      /max_model_len \((?<got>\d{1,9})\) is greater than the derived max_model_len|(?:Bfloat16|bfloat16) is only supported on GPUs with compute capability|must be divisible by tensor parallel size|(?:set|option|argument|pass|requires)[^\n]{0,60}trust_remote_code=True|(?:greater|larger|bigger) than the (?:number of|available) GPUs|World size \(\d{1,4}\) is (?:larger|greater) than|unrecognized arguments: (?<flag>[^\n]{1,120})|[Uu]nknown (?:flag|option|argument|parameter):? (?<flag2>-{0,2}[\w=-]{1,80})|no such option: (?<flag3>\S{1,80})|flag provided but not defined: (?<flag4>\S{1,80})|ValidationError: \d{1,3} validation errors? for \w{0,40}(?:Settings|Config)/,
    say: 'A setting or flag of the server does not work with this model, hardware or version ({flag}), so that it ends at start',
    steps: [
      'Correct the flag or setting that the line names, or roll back to the image that knew it.',
    ],
    weight: 6,
  },
  {
    id: 'dependency-mismatch',
    type: 'model-loading',
    pattern: /Detected one or more mismatches between the model's dependencies/,
    say: 'The environment has other library versions than the model was logged with',
    steps: VERSIONS,
    weight: 2,
  },
  {
    id: 'model-configuration',
    type: 'model-loading',
    pattern:
      /failed to load '(?<what>[\w.-]{1,80})' version \d{1,9}: Invalid argument: (?<why>[^\n]{1,200})|unable to (?:load|autofill|get) [^\n]{0,60}model[^\n]{0,40}configuration expects (?<why2>[^\n]{1,160})|model configuration[^\n]{0,60}(?:mismatch|does not match|invalid)/,
    say: 'The configuration of the model {what} does not match the model file ({why}), so that it fails to load',
    steps: [
      'Bring config.pbtxt (names, data types, dims, max batch size) in line with the model file, or roll back the one that changed.',
    ],
    weight: 6,
  },
  {
    id: 'model-load-failed',
    type: 'model-loading',
    pattern:
      /failed to load '(?<what>[\w.-]{1,80})' version|Failed to load model '?(?<what2>[\w.-]{0,80})|[Ee]rror (?:while )?loading (?:the )?model|[Cc]ould not load (?:the )?model|model (?:load|loading) failed|ModelLoadFailed|Load model failed|FailedToLoad/,
    say: 'The model {what} fails to load',
    steps: [
      'Read the exception above the line: it names what the model lacks.',
      'Roll back to the last model version or image that loaded.',
    ],
    weight: 4,
  },
];
