// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import type { MlflowRun } from '@greenroom/plugin-mlflow-common';

const TEMPLATE_VERSION = 'greenroom.dev/template-version';
const SOURCE_TEMPLATE = 'backstage.io/source-template';
const MODEL_TEMPLATE = /\/model-service$/;

/**
 * Whether a pipeline with a quality gate trains the component, so that the next
 * push makes a run: it comes from Greenroom's template, or its runs were gated.
 */
export function isGated(
  entity: Entity,
  runs: ReadonlyArray<MlflowRun | undefined>,
) {
  const annotations = entity.metadata.annotations ?? {};
  return (
    annotations[TEMPLATE_VERSION] !== undefined ||
    MODEL_TEMPLATE.test(annotations[SOURCE_TEMPLATE] ?? '') ||
    runs.some(run => run?.gate)
  );
}
