// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { triageTranslationRef } from '../../translations';
import { useIncidentKind, useSourceWords } from '../Report';

/** A pipeline has logs of jobs; what else is read of an incident are lines of several sources. */
export function useLogWords() {
  const { t } = useTranslationRef(triageTranslationRef);
  const { nameSource } = useSourceWords();
  return useIncidentKind() === 'pipeline'
    ? {
        title: t('log.title'),
        picker: t('log.job'),
        search: t('log.search'),
        none: t('log.none'),
        notKept: t('log.notKept'),
        empty: t('log.empty'),
        nameFrame: (job: string) => t('log.of', { job }),
      }
    : {
        title: t('lines.title'),
        picker: t('lines.source'),
        search: t('lines.search'),
        none: t('lines.none'),
        notKept: t('lines.notKept'),
        empty: t('lines.empty'),
        nameFrame: (source: string) =>
          t('lines.of', { source: nameSource(source) }),
      };
}
