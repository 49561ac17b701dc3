import {
  TABLE_LIMITS,
  type TargetProblem,
} from '@greenroom/plugin-scaffolder-ml-common';
import type { Translate } from '../../translations/getTranslation';
import { MAX_UPLOAD_SIZE, type FileProblem } from './csvFile';

const MEGABYTE = 1024 * 1024;

// Cells and column names are the owner's text: quoted and short.
function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

/** Says why a chosen file is no table, and what would be right. */
export function describeFileProblem(
  t: Translate,
  problem: FileProblem,
): string {
  switch (problem.code) {
    case 'tooLarge':
      return t('dataset.problem.tooLarge', {
        found: (problem.size / MEGABYTE).toFixed(1),
        size: String(MAX_UPLOAD_SIZE / MEGABYTE),
      });
    case 'too-many-columns':
      return t('dataset.problem.too-many-columns', {
        columns: String(problem.count),
        max: String(TABLE_LIMITS.maxColumns),
      });
    case 'unnamed-column':
      return t('dataset.problem.unnamed-column', {
        column: String(problem.column),
      });
    case 'column-name':
      return t('dataset.problem.column-name', {
        column: String(problem.column),
      });
    case 'duplicate-column':
      return t('dataset.problem.duplicate-column', {
        name: quote(problem.name),
      });
    case 'unclosed-quote':
      return t('dataset.problem.unclosed-quote', { row: String(problem.row) });
    case 'ragged':
      return t('dataset.problem.ragged', {
        row: String(problem.row),
        found: String(problem.found),
        expected: String(problem.expected),
      });
    case 'too-few-rows':
      return t('dataset.problem.too-few-rows', {
        rows: String(problem.rows),
        min: String(TABLE_LIMITS.minRows),
      });
    default:
      return t(`dataset.problem.${problem.code}`);
  }
}

/** Says why a column cannot be predicted, and what could. */
export function describeTargetProblem(
  t: Translate,
  problem: TargetProblem,
  column: string,
): string {
  const target = quote(column);
  switch (problem.code) {
    case 'target-missing':
      return t('dataset.problem.target-missing', { target });
    case 'target-blank':
      return t('dataset.problem.target-blank', {
        target,
        row: String(problem.row),
      });
    case 'too-many-classes':
      return t('dataset.problem.too-many-classes', {
        target,
        classes: String(problem.classes),
      });
    case 'rare-class':
      return t('dataset.problem.rare-class', {
        value: quote(problem.value),
        rows: String(problem.rows),
        min: String(TABLE_LIMITS.minRowsPerClass),
      });
    case 'not-numeric':
      return t('dataset.problem.not-numeric', {
        target,
        value: quote(problem.value),
        row: String(problem.row),
      });
    default:
      return t(`dataset.problem.${problem.code}`, {
        target,
        value: quote(problem.value),
      });
  }
}
