// SPDX-License-Identifier: Apache-2.0
import type {
  ModelTask,
  TableChoices,
} from '@greenroom/plugin-scaffolder-ml-common';

/** What the field answers; see templates/model-service/template.yaml. */
export interface DatasetValue extends TableChoices {
  /** A bundled data set, or `csv`. */
  dataset?: string;
  target?: string;
  task?: ModelTask;
  /** Name of the uploaded file. */
  csvName?: string;
  /** The uploaded file as a data URL. */
  csvUpload?: string;
  csvUrl?: string;
}
