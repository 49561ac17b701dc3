// SPDX-License-Identifier: Apache-2.0
import { useEntity } from '@backstage/plugin-catalog-react';
import {
  KSERVE_INFERENCE_SERVICE_ANNOTATION,
  type KserveClusterErrorCode,
  type KserveInferenceServicesResponse,
} from '@greenroom/plugin-kserve-common';
import { EmptyState } from './EmptyState';

/** What one reference failed with: then it is known that nothing is served. */
const OF_REFERENCE = new Set<KserveClusterErrorCode>([
  'not-found',
  'not-configured',
  'other-component',
  'unmarked',
]);

/** Why no inference service is shown, where nothing above says it. */
export function NothingServed(props: {
  response: KserveInferenceServicesResponse;
}) {
  const { entity } = useEntity();
  const { build, clusters, errors, references } = props.response;
  if (build) {
    return null;
  }
  if (clusters.length === 0) {
    return <EmptyState reason="not-configured" />;
  }
  if (errors.length > 0) {
    // Each cluster that failed has its own words; where all did, no more is known.
    return errors.every(({ code }) => OF_REFERENCE.has(code)) ? null : (
      <EmptyState reason="unknown" />
    );
  }
  const { annotations, name } = entity.metadata;
  const isNamed =
    references.length > 0 ||
    annotations?.[KSERVE_INFERENCE_SERVICE_ANNOTATION] !== undefined;
  return isNamed ? (
    <EmptyState reason="none-yet" />
  ) : (
    <EmptyState
      reason="no-annotation"
      annotation={`${KSERVE_INFERENCE_SERVICE_ANNOTATION}: NAMESPACE/${name}`}
    />
  );
}
