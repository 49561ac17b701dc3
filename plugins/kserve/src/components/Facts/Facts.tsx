// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  KserveComponent,
  KserveInferenceService,
} from '@greenroom/plugin-kserve-common';
import type { ReactNode } from 'react';
import { ExternalLink, Name, shortenCommit, StatusLabel } from '@greenroom/ui';
import { kserveTranslationRef } from '../../translations';
import { ModelVersion } from '../elements';
import styles from './Facts.module.css';
import { getNodes, getResources, shortenImage } from './getFacts';

function Fact(props: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Code(props: { text: string; title?: string }) {
  return (
    <span className={styles.code} title={props.title}>
      <Name text={props.text} />
    </span>
  );
}

function ComponentFacts(props: {
  component: KserveComponent;
  isOnly: boolean;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { component, isOnly } = props;
  const { image, name, replicas, storageUri } = component;
  const { limits, requests } = getResources(component);
  const label = (fact: string) => (isOnly ? fact : `${fact} · ${name}`);
  return (
    <>
      <Fact label={label(t('facts.replicas'))}>
        {replicas.desired === undefined
          ? t('facts.ready', { ready: String(replicas.ready) })
          : t('facts.readyOf', {
              ready: String(replicas.ready),
              desired: String(replicas.desired),
            })}
      </Fact>
      {image && (
        <Fact label={label(t('facts.image'))}>
          <Code text={shortenImage(image)} title={image} />
        </Fact>
      )}
      {storageUri && (
        <Fact label={label(t('facts.storage'))}>
          <Code text={storageUri} />
        </Fact>
      )}
      {(requests || limits) && (
        <Fact label={label(t('facts.resources'))}>
          {requests && (
            <div>{t('facts.requests', { quantities: requests })}</div>
          )}
          {limits && <div>{t('facts.limits', { quantities: limits })}</div>}
        </Fact>
      )}
    </>
  );
}

function ModelFacts(props: {
  model: NonNullable<KserveInferenceService['model']>;
  /** Else it is asked for, and an earlier one may answer. */
  isServed: boolean;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { ciRunUrl, name, runId, sourceCommit, sourceRepo, version } =
    props.model;
  const repository = sourceRepo?.replace(/\.git$/, '').replace(/\/$/, '');
  return (
    <>
      {(name || version) && (
        <Fact label={t(props.isServed ? 'facts.model' : 'facts.modelAsked')}>
          {name && <Name text={name} />} <ModelVersion model={props.model} />
        </Fact>
      )}
      {sourceCommit && (
        <Fact label={t('facts.commit')}>
          <span className={styles.code}>
            <ExternalLink
              url={repository && `${repository}/commit/${sourceCommit}`}
              text={shortenCommit(sourceCommit)}
              title={sourceCommit}
            />
          </span>
        </Fact>
      )}
      {runId && (
        <Fact label={t('facts.run')}>
          <Code text={runId} />
        </Fact>
      )}
      {ciRunUrl && (
        <Fact label={t('facts.ciRun')}>
          <ExternalLink
            url={ciRunUrl}
            text={/\/runs\/(\d+)/.exec(ciRunUrl)?.[1] ?? ciRunUrl}
          />
        </Fact>
      )}
    </>
  );
}

/** What is served, of what, where. */
export function Facts(props: { service: KserveInferenceService }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const {
    canaries,
    components,
    deploymentMode,
    explanation,
    model,
    protocol,
    runtime,
    url,
  } = props.service;
  const nodes = getNodes(props.service);
  return (
    <dl className={styles.facts}>
      {model && (
        <ModelFacts model={model} isServed={explanation.state === 'ready'} />
      )}
      {components.map(component => (
        <ComponentFacts
          key={component.name}
          component={component}
          isOnly={components.length === 1}
        />
      ))}
      {canaries.map(({ name, ready }) => (
        <Fact key={name} label={t('facts.canary', { name })}>
          <StatusLabel status={ready ? 'success' : 'danger'}>
            {ready ? t('facts.canaryReady') : t('facts.canaryNotReady')}
          </StatusLabel>
        </Fact>
      ))}
      {url && (
        <Fact label={t('facts.url')}>
          <ExternalLink url={url} text={url} />
        </Fact>
      )}
      {runtime && (
        <Fact label={t('facts.runtime')}>
          <Name text={runtime} />
        </Fact>
      )}
      {protocol && <Fact label={t('facts.protocol')}>{protocol}</Fact>}
      {deploymentMode && (
        <Fact label={t('facts.deploymentMode')}>{deploymentMode}</Fact>
      )}
      {nodes.length > 0 && (
        <Fact label={t('facts.node')}>
          <Name text={nodes.join(', ')} />
        </Fact>
      )}
    </dl>
  );
}
