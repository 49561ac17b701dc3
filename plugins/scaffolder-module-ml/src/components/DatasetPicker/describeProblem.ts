// SPDX-License-Identifier: Apache-2.0
import {
  getTableMessage,
  type TableProblem,
  type TargetProblem,
} from '@greenroom/plugin-scaffolder-ml-common';
import type { Translate } from '../../translations/getTranslation';
import { MAX_UPLOAD_SIZE, type FileProblem } from './csvFile';

const MEGABYTE = 1024 * 1024;

/** Says what is wrong with a table, or with the column to predict. */
export function describeProblem(
  t: Translate,
  problem: TableProblem | TargetProblem,
  target?: string,
): string {
  const { key, parameters } = getTableMessage(problem, target);
  return t(`dataset.problem.${key}`, parameters);
}

/** Says why a chosen file is no table, and what would be right. */
export function describeFileProblem(
  t: Translate,
  problem: FileProblem,
): string {
  switch (problem.code) {
    case 'tooLarge':
      return t('dataset.problem.tooLarge', {
        size: (problem.size / MEGABYTE).toFixed(1),
        limit: String(MAX_UPLOAD_SIZE / MEGABYTE),
      });
    case 'unreadable':
      return t('dataset.problem.unreadable');
    default:
      return describeProblem(t, problem.problem);
  }
}
