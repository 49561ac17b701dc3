// SPDX-License-Identifier: Apache-2.0
import type { ModelTask } from '@greenroom/plugin-scaffolder-ml-common';

/** What the page before the gate says about the data. */
export interface GateData {
  dataset: string;
  task: ModelTask;
}

/** Reads the parameter `data` of the whole form; classification without one. */
export function readData(formData: unknown): GateData {
  const data =
    typeof formData === 'object' && formData !== null && 'data' in formData
      ? formData.data
      : undefined;
  if (typeof data !== 'object' || data === null) {
    return { dataset: '', task: 'classification' };
  }
  return {
    dataset:
      'dataset' in data && typeof data.dataset === 'string' ? data.dataset : '',
    task:
      'task' in data && data.task === 'regression'
        ? 'regression'
        : 'classification',
  };
}
