// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Evidence } from '@greenroom/plugin-triage-common';
import { toVisibleText } from '@greenroom/ui';
import { readAlertSource } from '../../formatting';
import { triageTranslationRef } from '../../translations';
import { useIncidentKind } from './LogLinks';

/** What sources of evidence are called: a pipeline's by their files, an alert's by what they are. */
export function useSourceWords() {
  const { t } = useTranslationRef(triageTranslationRef);
  const isAlert = useIncidentKind() === 'alert';
  return {
    nameSource(source: string) {
      const { kind, name } = readAlertSource(source);
      return isAlert
        ? t(`source.${kind}`, { name: toVisibleText(name) })
        : toVisibleText(source);
    },
    namePlace({ line, quote, source }: Evidence) {
      if (!isAlert) {
        return t('quote.place', {
          line: String(line),
          source: toVisibleText(source),
        });
      }
      const { kind, name } = readAlertSource(source, quote);
      return t(`quote.in.${kind}`, {
        line: String(line),
        name: toVisibleText(name),
      });
    },
  };
}
