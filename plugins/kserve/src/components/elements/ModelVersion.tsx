// SPDX-License-Identifier: Apache-2.0
import { Name } from '@greenroom/ui';
import type { KserveInferenceService } from '@greenroom/plugin-kserve-common';

/** A registered model's version as people name it, e.g. `v7`. */
export function ModelVersion(props: {
  model: KserveInferenceService['model'];
}) {
  const { model } = props;
  return model?.version ? (
    <span title={model.name}>
      <Name
        text={/^\d/.test(model.version) ? `v${model.version}` : model.version}
      />
    </span>
  ) : null;
}
