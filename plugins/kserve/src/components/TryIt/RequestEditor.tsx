// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Flex,
  Text,
  TextAreaField,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import type { KserveModelMetadata } from '@greenroom/plugin-kserve-common';
import { kserveTranslationRef } from '../../translations';
import { InputField } from './InputField';
import styles from './TryIt.module.css';
import type { Request } from './useRequest';

/** One of two or three; never none. */
function Choice<T extends string>(props: {
  label: string;
  options: ReadonlyArray<{ id: T; label: string; isDisabled?: boolean }>;
  value: T;
  onChange: (value: T) => void;
}) {
  const { label, onChange, options, value } = props;
  return (
    <ToggleButtonGroup
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={keys => {
        const chosen = options.find(({ id }) => keys.has(id));
        if (chosen) {
          onChange(chosen.id);
        }
      }}
    >
      {options.map(option => (
        <ToggleButton
          key={option.id}
          id={option.id}
          size="small"
          isDisabled={option.isDisabled}
        >
          {option.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

/** A request as a form typed from the model's inputs, or as JSON. */
export function RequestEditor(props: {
  metadata: KserveModelMetadata;
  exampleOf?: string;
  request: Request;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { exampleOf, metadata, request } = props;
  const { canBeForm, json, jsonProblem, problems, texts, view } = request;
  const getHint = () => {
    if (jsonProblem !== undefined) {
      return t('tryIt.notJson', { message: jsonProblem });
    }
    if (metadata.inputs.length === 0) {
      return t('tryIt.noInputs');
    }
    return canBeForm ? undefined : t('tryIt.noForm');
  };
  const getBeginning = () => {
    if (exampleOf !== undefined) {
      return t('tryIt.example', { version: exampleOf });
    }
    return metadata.examples[request.protocol] === undefined
      ? t('tryIt.oneRow')
      : t('tryIt.prefilled');
  };
  return (
    <Flex direction="column" gap="3">
      <Flex gap="3" className={styles.row}>
        <Choice
          label={t('tryIt.view')}
          options={[
            { id: 'form', label: t('tryIt.form'), isDisabled: !canBeForm },
            { id: 'json', label: t('tryIt.json') },
          ]}
          value={view}
          onChange={next =>
            next === 'form' ? request.toForm() : request.toJson()
          }
        />
        {metadata.protocols.length > 1 && (
          <Choice
            label={t('tryIt.protocol')}
            options={metadata.protocols.map(id => ({ id, label: id }))}
            value={request.protocol}
            onChange={request.setProtocol}
          />
        )}
      </Flex>
      {view === 'form' && texts ? (
        <div className={styles.fields}>
          {metadata.inputs.map(input => (
            <InputField
              key={input.name}
              input={input}
              text={texts[input.name] ?? ''}
              problem={problems.get(input.name)}
              onChange={text => request.setText(input.name, text)}
            />
          ))}
        </div>
      ) : (
        <TextAreaField
          className={styles.code}
          label={t('tryIt.body')}
          rows={12}
          value={json}
          onChange={request.setJson}
          isInvalid={jsonProblem !== undefined}
          description={getHint()}
          spellCheck="false"
        />
      )}
      {metadata.inputs.length > 0 && view === 'form' && (
        <Text as="p" color="secondary">
          {getBeginning()}
        </Text>
      )}
    </Flex>
  );
}
