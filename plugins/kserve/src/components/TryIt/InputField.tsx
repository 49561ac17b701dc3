// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select, TextField } from '@backstage/ui';
import type { KserveTensor } from '@greenroom/plugin-kserve-common';
import { kserveTranslationRef } from '../../translations';
import { getInputKind, getRowSize, type InputProblem } from './tensors';

/** A field for one row of a tensor, as its type wants it. */
export function InputField(props: {
  input: KserveTensor;
  text: string;
  problem: InputProblem | undefined;
  onChange: (text: string) => void;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { input, onChange, problem, text } = props;
  const kind = getInputKind(input);
  const size = getRowSize(input);
  const type =
    kind === 'list' && size !== undefined
      ? `${input.datatype} × ${size}`
      : input.datatype;
  if (kind === 'boolean') {
    return (
      <Select
        label={input.name}
        secondaryLabel={type}
        options={['true', 'false'].map(value => ({ value, label: value }))}
        value={text}
        onChange={value => onChange(String(value))}
      />
    );
  }
  return (
    <TextField
      label={input.name}
      secondaryLabel={type}
      value={text}
      onChange={onChange}
      inputMode={kind === 'integer' ? 'numeric' : undefined}
      isInvalid={problem !== undefined}
      description={
        problem && t(`tryIt.problem.${problem}`, { size: String(size ?? '') })
      }
      autoComplete="off"
    />
  );
}
