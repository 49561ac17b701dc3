// SPDX-License-Identifier: Apache-2.0
import {
  getConstantAnswer,
  type ConstantAnswer,
  type ModelTask,
} from '@greenroom/plugin-scaffolder-ml-common';
import { readUpload } from '../DatasetPicker/csvFile';

/** What the page before the gate says about the data. */
export interface GateData {
  dataset: string;
  task: ModelTask;
  /** What always giving the same answer scores; only of an uploaded table. */
  constant?: ConstantAnswer;
}

function readText(data: object, key: string): string {
  const value: unknown = Object.entries(data).find(
    ([name]) => name === key,
  )?.[1];
  return typeof value === 'string' ? value : '';
}

let last:
  { upload: string; key: string; constant?: ConstantAnswer } | undefined;

function readConstant(
  upload: string,
  target: string,
  task: ModelTask,
): ConstantAnswer | undefined {
  const key = `${task} ${target}`;
  if (last?.upload !== upload || last.key !== key) {
    const profile = readUpload(upload);
    last = {
      upload,
      key,
      constant: profile && getConstantAnswer(profile, { target, task }),
    };
  }
  return last.constant;
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
  const task =
    readText(data, 'task') === 'regression' ? 'regression' : 'classification';
  const upload = readText(data, 'csvUpload');
  return {
    dataset: readText(data, 'dataset'),
    task,
    constant: upload
      ? readConstant(upload, readText(data, 'target'), task)
      : undefined,
  };
}
