// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Flex, Text } from '@backstage/ui';
import type { TableProfile } from '@greenroom/plugin-scaffolder-ml-common';
import { RiUploadLine } from '@remixicon/react';
import { useRef, useState, type ChangeEvent } from 'react';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import { MAX_UPLOAD_SIZE, readCsvFile, type FileProblem } from './csvFile';
import { ColumnList } from './ColumnList';
import { describeFileProblem } from './describeProblem';

/** Takes a file from the owner's computer and says at once if it is no table. */
export const CsvUpload = (props: {
  name: string | undefined;
  profile: TableProfile | undefined;
  onChoose: (upload: string, name: string) => void;
}) => {
  const { name, profile, onChoose } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<FileProblem>();

  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const { files } = event.target;
    const file = files?.[0];
    if (!file) {
      return;
    }
    const result = await readCsvFile(file);
    // The same file may be chosen again after it was mended.
    if (input.current) {
      input.current.value = '';
    }
    if ('problem' in result) {
      setProblem(result.problem);
    } else {
      setProblem(undefined);
      onChoose(result.upload, file.name.slice(0, 255));
    }
  };

  return (
    <Flex direction="column" gap="2">
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        aria-label={t('dataset.choose')}
        onChange={choose}
        hidden
      />
      <Flex align="center" gap="3">
        <Button
          variant="secondary"
          iconStart={<RiUploadLine />}
          onPress={() => input.current?.click()}
        >
          {profile ? t('dataset.chooseOther') : t('dataset.choose')}
        </Button>
        {profile && (
          <Text aria-live="polite">
            {t('dataset.chosen', {
              name: name ?? '',
              rows: String(profile.rows),
              columns: String(profile.columns.length),
            })}
          </Text>
        )}
      </Flex>
      {profile && <ColumnList columns={profile.columns} />}
      <Text variant="body-small" color="secondary">
        {t('dataset.uploadHint', {
          size: String(MAX_UPLOAD_SIZE / 1024 / 1024),
        })}
      </Text>
      {problem && (
        <Alert
          role="alert"
          status="danger"
          icon
          title={describeFileProblem(t, problem)}
        />
      )}
    </Flex>
  );
};
