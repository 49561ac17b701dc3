// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import {
  getMlflowAttention,
  type MlflowEntityOverview,
  type MlflowModelVersion,
} from '@greenroom/plugin-mlflow-common';
import { isGated, isUnknown } from '../../api';
import { AttentionList } from '../Attention';
import { EmptyState } from '../EmptyState';
import {
  GenAiNotices,
  ReferenceNotices,
  hasGenAi,
  isAbsent,
} from '../References';
import { ChampionSentence } from './ChampionSentence';
import { LastRunLine } from './LastRunLine';

function isPrompt(
  version: MlflowModelVersion,
  { registeredModels }: MlflowEntityOverview,
) {
  return registeredModels.some(
    model =>
      model.isPrompt &&
      model.instance === version.instance &&
      model.name === version.name,
  );
}

/** What is known of an entity, and a sentence for each thing that is not. */
export function OverviewFacts(props: {
  entity: Entity;
  overview: MlflowEntityOverview;
}) {
  const { entity, overview } = props;
  const { champion, errors, experiments, lastRun, registeredModels } = overview;
  const version = champion ?? overview.latestVersion;
  const hasGate = isGated(entity, [
    lastRun,
    overview.lastGatedRun,
    version?.run,
  ]);
  const attention = getMlflowAttention(overview).filter(
    // Said by the alerts, the notices and the sentence.
    ({ reason }) =>
      reason !== 'instance-unavailable' &&
      reason !== 'not-found' &&
      reason !== 'no-champion',
  );
  const isSilent = isUnknown(errors);
  const active = experiments.filter(({ state }) => state === 'active');
  const hasModel = registeredModels.some(({ state }) => state === 'registered');
  // Until there is a run, that no version is registered goes without saying.
  const absentModels = registeredModels.filter(
    model => isAbsent(model) && !(hasGate && active.length > 0 && !lastRun),
  );

  const renderNoRuns = () => {
    if (lastRun || isSilent || active.length === 0) {
      return null;
    }
    return experiments.some(hasGenAi) ? (
      <GenAiNotices experiments={experiments} />
    ) : (
      <EmptyState reason="no-runs" isGated={hasGate} />
    );
  };

  return (
    <>
      {version && (
        <ChampionSentence
          version={version}
          isChampion={champion !== undefined}
          isPrompt={isPrompt(version, overview)}
          isGated={hasGate}
        />
      )}
      {lastRun && <LastRunLine run={lastRun} />}
      <ReferenceNotices
        kind="experiment"
        summaries={experiments}
        errors={errors}
        isGated={hasGate}
      />
      <ReferenceNotices
        kind="model"
        summaries={absentModels}
        errors={errors}
        isGated={hasGate}
      />
      {renderNoRuns()}
      {!version && hasModel && !isSilent && (lastRun || !active.length) && (
        <EmptyState reason="no-versions" isGated={hasGate} />
      )}
      {isSilent && !version && !lastRun && <EmptyState reason="unknown" />}
      {attention.length > 0 && (
        <AttentionList rows={attention.map(item => ({ attention: item }))} />
      )}
    </>
  );
}
