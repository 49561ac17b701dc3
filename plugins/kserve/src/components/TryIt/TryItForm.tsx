// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, Switch, Text } from '@backstage/ui';
import { RiSendPlaneLine } from '@remixicon/react';
import type {
  KserveInferenceService,
  KserveModelMetadata,
} from '@greenroom/plugin-kserve-common';
import { useState } from 'react';
import { useLocale } from '@greenroom/ui';
import type { KserveServiceRef } from '../../api';
import { formatBytes } from '../../formatting';
import { kserveTranslationRef } from '../../translations';
import { Answers } from './Answers';
import { RequestEditor } from './RequestEditor';
import { Snippets } from './Snippets';
import { getPredictPath } from './requests';
import styles from './TryIt.module.css';
import { usePrediction } from './usePrediction';
import { useRequest } from './useRequest';

/** A request to a model, its answer, and the same as a program. */
export function TryItForm(props: {
  serviceRef: KserveServiceRef;
  service: Pick<KserveInferenceService, 'canaries' | 'url'>;
  metadata: KserveModelMetadata;
  /** The version whose input example it begins with. */
  exampleOf?: string;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const locale = useLocale();
  const { exampleOf, metadata, service, serviceRef } = props;
  const request = useRequest(metadata);
  const { isPending, prediction, send } = usePrediction(serviceRef);
  const [isCompared, setIsCompared] = useState(true);
  const [canary] = service.canaries;
  const { body, isValid, protocol } = request;
  const size = new TextEncoder().encode(JSON.stringify(body) ?? '').length;
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        if (isValid && !isPending) {
          void send(
            { protocol, body },
            canary && isCompared ? canary.name : undefined,
          );
        }
      }}
    >
      <Flex direction="column" gap="4">
        <RequestEditor
          metadata={metadata}
          exampleOf={exampleOf}
          request={request}
        />
        <Flex gap="3" align="center" className={styles.row}>
          <Button
            type="submit"
            iconStart={<RiSendPlaneLine />}
            isDisabled={!isValid}
            isPending={isPending}
          >
            {t('tryIt.send')}
          </Button>
          {canary && (
            <Switch
              label={t('tryIt.compare', { name: canary.name })}
              isSelected={isCompared}
              onChange={setIsCompared}
            />
          )}
          {isValid && (
            <Text color="secondary">
              {t('tryIt.size', { size: formatBytes(size, locale) })}
            </Text>
          )}
        </Flex>
        {prediction && <Answers prediction={prediction} />}
        {isValid &&
          (service.url ? (
            <Snippets
              url={`${service.url.replace(/\/$/, '')}${getPredictPath(metadata.name, protocol)}`}
              body={body}
            />
          ) : (
            <Text as="p" color="secondary">
              {t('tryIt.noUrl')}
            </Text>
          ))}
      </Flex>
    </form>
  );
}
