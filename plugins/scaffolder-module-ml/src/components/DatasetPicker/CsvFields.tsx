// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useTemplateSecrets } from '@backstage/plugin-scaffolder-react';
import { Flex, Radio, RadioGroup, Select, TextField } from '@backstage/ui';
import {
  CSV_DATASET,
  readTable,
  suggestTask,
  toStoredUrl,
  type ModelTask,
} from '@greenroom/plugin-scaffolder-ml-common';
import { useMemo } from 'react';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import { AddressChoices } from './AddressChoices';
import { inspectUpload, readUpload } from './csvFile';
import { CsvUpload } from './CsvUpload';
import { proposeChoices } from './proposeChoices';
import { SplitFields } from './SplitFields';
import { TableFindings } from './TableFindings';
import type { DatasetValue } from './types';

/** An address as the task may keep it and show it. */
function toShownAddress(address: string): string {
  const stored = URL.canParse(address) ? toStoredUrl(address) : undefined;
  return stored?.dropped.length ? stored.url : address;
}

/** Where the owner's table is, and what is to be predicted from it. */
export const CsvFields = (props: {
  id: string;
  value: DatasetValue;
  onChange: (value: DatasetValue) => void;
}) => {
  const { id, value, onChange } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const isUrl = value.csvUrl !== undefined;
  // What of an address opens the file goes the way of secrets, which a task does
  // not keep.
  const { secrets, setSecrets } = useTemplateSecrets();
  const typed = secrets.csvUrl;
  const address =
    typed !== undefined && toShownAddress(typed) === value.csvUrl
      ? typed
      : value.csvUrl;
  const { csvUpload } = value;
  const profile = useMemo(() => readUpload(csvUpload), [csvUpload]);
  const findings = inspectUpload(csvUpload, {
    target: value.target,
    task: value.task,
    read: value.read,
  });

  /** Another question to the table has other findings. */
  const propose = (next: DatasetValue) =>
    onChange({
      ...next,
      ...proposeChoices(
        inspectUpload(next.csvUpload, {
          target: next.target,
          task: next.task,
        }),
      ),
    });

  const chooseTarget = (
    target: string | undefined,
    file: Pick<DatasetValue, 'csvUpload' | 'csvName'> = {
      csvUpload,
      csvName: value.csvName,
    },
  ) => {
    const found = readUpload(file.csvUpload);
    const task = found && target ? suggestTask(found, target) : value.task;
    propose({ dataset: CSV_DATASET, ...file, target, task });
  };

  const chooseUpload = (upload: string, name: string) => {
    const columns = readUpload(upload)?.columns ?? [];
    // The target is the last column of most tables.
    const target = columns[columns.length - 1]?.name;
    chooseTarget(target, { csvUpload: upload, csvName: name });
  };

  return (
    <Flex direction="column" gap="4" ml="6" mt="4">
      <RadioGroup
        label={t('dataset.source')}
        orientation="horizontal"
        value={isUrl ? 'url' : 'upload'}
        onChange={source =>
          onChange(
            source === 'url'
              ? { dataset: CSV_DATASET, csvUrl: '', task: value.task }
              : { dataset: CSV_DATASET, task: value.task },
          )
        }
      >
        <Radio value="upload">{t('dataset.upload')}</Radio>
        <Radio value="url">{t('dataset.url')}</Radio>
      </RadioGroup>
      {isUrl ? (
        <>
          <TextField
            id={`${id}_csvUrl`}
            label={t('dataset.address')}
            description={t('dataset.addressHint')}
            type="url"
            value={address}
            onChange={csvUrl => {
              setSecrets({ csvUrl });
              onChange({ ...value, csvUrl: toShownAddress(csvUrl) });
            }}
            validationBehavior="aria"
            isRequired
          />
          <TextField
            id={`${id}_target`}
            label={t('dataset.target')}
            description={t('dataset.targetHint')}
            value={value.target ?? ''}
            onChange={target =>
              onChange({ ...value, target: target || undefined })
            }
            validationBehavior="aria"
            isRequired
          />
        </>
      ) : (
        <CsvUpload
          name={value.csvName}
          profile={
            profile &&
            readTable(profile, { target: value.target, read: value.read })
          }
          onChoose={chooseUpload}
        />
      )}
      {!isUrl && profile && (
        <Select
          id={`${id}_target`}
          label={t('dataset.target')}
          description={t('dataset.targetHint')}
          options={profile.columns.map(({ name }) => ({
            value: name,
            label: name,
          }))}
          searchable={profile.columns.length > 10}
          value={value.target ?? null}
          onChange={key => chooseTarget(key === null ? undefined : String(key))}
          validationBehavior="aria"
          isRequired
        />
      )}
      {(isUrl || profile) && (
        <RadioGroup
          label={t('dataset.task')}
          value={value.task ?? null}
          onChange={task => {
            const { leaveOut, keep, read, split, ...question } = value;
            propose({ ...question, task: toTask(task) });
          }}
          validationBehavior="aria"
        >
          <Radio value="classification">{t('dataset.classification')}</Radio>
          <Radio value="regression">{t('dataset.regression')}</Radio>
        </RadioGroup>
      )}
      {isUrl && (
        <AddressChoices
          id={id}
          value={value}
          onChange={choices => onChange({ ...value, ...choices })}
        />
      )}
      {!isUrl && profile && value.target && (
        <>
          <TableFindings
            findings={findings}
            choices={value}
            onChange={choices => onChange({ ...value, ...choices })}
          />
          <SplitFields
            id={id}
            value={value.split ?? { by: 'rows' }}
            columns={profile.columns
              .map(({ name }) => name)
              .filter(name => name !== value.target)}
            onChange={split => onChange({ ...value, split })}
          />
        </>
      )}
    </Flex>
  );
};

function toTask(task: string): ModelTask {
  return task === 'regression' ? 'regression' : 'classification';
}
