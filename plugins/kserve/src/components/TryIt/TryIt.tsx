// SPDX-License-Identifier: Apache-2.0
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, Skeleton, Text } from '@backstage/ui';
import type {
  KserveInferenceService,
  KserveModelMetadata,
} from '@greenroom/plugin-kserve-common';
import { useEffect, useRef, useState } from 'react';
import { Name, Section, StatusLabel } from '@greenroom/ui';
import {
  getErrorWords,
  kserveApiRef,
  type KserveApi,
  type KserveServiceRef,
} from '../../api';
import { kserveTranslationRef } from '../../translations';
import { TryItForm } from './TryItForm';
import { withInputExample } from './withInputExample';

interface Loaded {
  metadata?: KserveModelMetadata;
  /** The version whose input example the requests begin with. */
  exampleOf?: string;
  error?: Error;
}

function TryItLoader(props: {
  serviceRef: KserveServiceRef;
  service: KserveInferenceService;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const api = useApi(kserveApiRef);
  const { service, serviceRef } = props;
  const [{ error, exampleOf, metadata }, setLoaded] = useState<Loaded>({});
  const [attempt, setAttempt] = useState(0);
  const latest = useRef({ serviceRef, model: service.model });
  latest.current = { serviceRef, model: service.model };

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setLoaded({});
    const { model, serviceRef: ref } = latest.current;
    load(api, ref, model, signal).then(
      loaded => !signal.aborted && setLoaded(loaded),
      reason => !signal.aborted && setLoaded({ error: reason }),
    );
    return () => controller.abort();
  }, [api, attempt]);

  if (error) {
    return (
      <Flex direction="column" gap="2" align="start" role="status">
        <StatusLabel status="warning">{t('tryIt.noMetadata')}</StatusLabel>
        <Text as="p" color="secondary">
          <Name text={getErrorWords(error).message} />
        </Text>
        <Button
          size="small"
          variant="secondary"
          onPress={() => setAttempt(count => count + 1)}
        >
          {t('empty.retry')}
        </Button>
      </Flex>
    );
  }
  return metadata ? (
    <TryItForm
      serviceRef={serviceRef}
      service={service}
      metadata={metadata}
      exampleOf={exampleOf}
    />
  ) : (
    <Flex direction="column" gap="3" aria-busy="true">
      <Skeleton height="2rem" width="40%" />
      <Skeleton width="100%" height="8rem" />
    </Flex>
  );
}

/** A form that begins with zeros is better than none: MLflow may be slow or away. */
const EXAMPLE_MS = 3_000;

/** What a request is made of, begun with the input example of the version that answers. */
async function load(
  api: KserveApi,
  serviceRef: KserveServiceRef,
  model: KserveInferenceService['model'],
  signal: AbortSignal,
): Promise<Loaded> {
  const { name, version } = model ?? {};
  const soon = AbortSignal.any([signal, AbortSignal.timeout(EXAMPLE_MS)]);
  const [metadata, example] = await Promise.all([
    api.getMetadata(serviceRef, { signal }),
    name && version
      ? api
          .getInputExample(
            serviceRef.entityRef,
            { name, version },
            { signal: soon },
          )
          .catch(() => undefined)
      : undefined,
  ]);
  const begun = example && withInputExample(metadata, example);
  return begun ? { metadata: begun, exampleOf: version } : { metadata };
}

/**
 * Asks the model. Its inputs are asked for when a person opens it: a page that is
 * only looked at must not put load on a model server.
 */
export function TryIt(props: {
  entityRef: string;
  service: KserveInferenceService;
  canPredict: boolean;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const [isOpen, setIsOpen] = useState(false);
  const { canPredict, entityRef, service } = props;
  const { cluster, name, namespace, protocol } = service;

  const content = () => {
    if (!canPredict) {
      return <Text as="p">{t('tryIt.notAllowed')}</Text>;
    }
    if (service.kind !== 'InferenceService' || protocol === 'openai') {
      return <Text as="p">{t('tryIt.openai')}</Text>;
    }
    if (isOpen) {
      return (
        <TryItLoader
          serviceRef={{ entityRef, cluster, namespace, name }}
          service={service}
        />
      );
    }
    return (
      <Flex direction="column" gap="3" align="start">
        <Text as="p" color="secondary">
          {t('tryIt.about')}
        </Text>
        <Button
          variant="secondary"
          onPress={() => setIsOpen(true)}
          isDisabled={service.explanation.state === 'stopped'}
        >
          {t('tryIt.open')}
        </Button>
        {service.explanation.state === 'stopped' && (
          <Text as="p" color="secondary">
            {t('tryIt.stopped')}
          </Text>
        )}
      </Flex>
    );
  };
  return <Section title={t('tryIt.title')}>{content()}</Section>;
}
