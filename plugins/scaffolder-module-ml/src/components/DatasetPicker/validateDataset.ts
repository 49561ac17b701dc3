// SPDX-License-Identifier: Apache-2.0
import type { CustomFieldValidator } from '@backstage/plugin-scaffolder-react';
import {
  checkTarget,
  CSV_DATASET,
  getBundledDataset,
  readTable,
  resolveTableChoices,
} from '@greenroom/plugin-scaffolder-ml-common';
import {
  getTranslation,
  type Translate,
} from '../../translations/getTranslation';
import { inspectUpload, readUpload } from './csvFile';
import { describeProblem } from './describeProblem';
import type { DatasetValue } from './types';

function findProblem(t: Translate, value: DatasetValue): string | undefined {
  const { dataset, target, task, csvUpload, csvUrl } = value;
  if (dataset !== CSV_DATASET) {
    return getBundledDataset(dataset ?? '')
      ? undefined
      : t('dataset.problem.unknown');
  }
  if (csvUrl === undefined && !csvUpload) {
    return t('dataset.problem.noFile');
  }
  if (csvUrl !== undefined && !/^https?:\/\/[^\s/]/.test(csvUrl)) {
    return t('dataset.problem.noAddress');
  }
  if (!target || !task) {
    return t('dataset.problem.noTarget');
  }
  if (csvUrl !== undefined) {
    // Another origin: only the backend can read it.
    return undefined;
  }
  const profile = readUpload(csvUpload);
  if (!profile) {
    return t('dataset.problem.noFile');
  }
  const problem = checkTarget(
    readTable(profile, { target, read: value.read }),
    target,
    task,
  );
  if (problem) {
    return describeProblem(t, problem, target);
  }
  const findings = inspectUpload(csvUpload, { target, task, read: value.read });
  const { open, problems } = resolveTableChoices(profile, {
    target,
    findings,
    choices: value,
  });
  if (open.length > 0) {
    return t('dataset.problem.open', {
      columns: [...new Set(open.map(({ column }) => column ?? ''))].join(', '),
    });
  }
  return problems[0] && `${problems[0].field}: ${problems[0].message}`;
}

/** Refuses a table that cannot be learned from. */
export const validateDataset: CustomFieldValidator<DatasetValue> = async (
  value,
  validation,
  { apiHolder },
) => {
  const problem = findProblem(await getTranslation(apiHolder), value ?? {});
  if (problem) {
    validation.addError(problem);
  }
};
