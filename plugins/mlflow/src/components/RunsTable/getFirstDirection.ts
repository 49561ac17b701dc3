// SPDX-License-Identifier: Apache-2.0
import type { SortDescriptor } from '@backstage/ui';
import type { MlflowGateVerdict } from '@greenroom/plugin-mlflow-common';

// Words of metric names of which less is better, as the libraries that log them
// write them (scikit-learn, XGBoost, LightGBM, Keras, Hugging Face, MLflow).
const MINIMIZED = new Set(
  `loss logloss mlogloss error err merror errors rmse rmsle mae mape smape wape
  mse msle medae l1 l2 deviance hinge entropy crossentropy xentropy nll
  perplexity ppl brier ece calibration divergence kl fid wer cer mer ter eer fpr
  fnr fdr aic bic regret latency duration time runtime seconds secs ms cost
  distance memory toxicity`.split(/\s+/),
);

function isMinimized(metric: string) {
  const words = metric
    .replace(/([a-z\d])(?=[A-Z])/g, '$1 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  // scikit-learn negates losses so that more is better: `neg_log_loss`.
  if (words.includes('neg') || words.includes('negative')) {
    return false;
  }
  return words.some(word => MINIMIZED.has(word) || word.endsWith('loss'));
}

/**
 * The direction of the first click on a column's header: a metric's best first,
 * by the gate's direction where one is known, else by its name; times newest
 * first; text from A to Z.
 */
export function getFirstDirection(
  column: string,
  gateDirections: ReadonlyMap<string, MlflowGateVerdict['direction']>,
): SortDescriptor['direction'] {
  const [, metric] = /^metric:(.*)$/s.exec(column) ?? [];
  if (metric === undefined) {
    return column === 'started' ? 'descending' : 'ascending';
  }
  const direction =
    gateDirections.get(metric) ??
    (isMinimized(metric) ? 'minimize' : 'maximize');
  return direction === 'minimize' ? 'ascending' : 'descending';
}
