// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex } from '@backstage/ui';
import type { MlflowModelVersionsResponse } from '@greenroom/plugin-mlflow-common';
import { useMemo } from 'react';
import { Section } from '@greenroom/ui';
import { isUnknown } from '../../api';
import type { Paging } from '../../hooks/usePaging';
import { mlflowTranslationRef } from '../../translations';
import { DataTable } from '../DataTable';
import { EmptyState } from '../EmptyState';
import { Pager } from '../Pager';
import { ReferenceNotices, isAbsent } from '../References';
import { OpenInMlflow } from '../elements';
import { createVersionColumns } from './createVersionColumns';

function NoVersions(props: {
  versions: MlflowModelVersionsResponse;
  isGated: boolean;
}) {
  const { errors, registeredModels } = props.versions;
  if (
    isUnknown(errors) ||
    registeredModels.some(({ state }) => state === 'unknown')
  ) {
    return <EmptyState reason="unknown" />;
  }
  return <EmptyState reason="no-versions" isGated={props.isGated} />;
}

/**
 * The registered versions of an entity's models, above them those that hold an
 * alias or a stage and are on another page.
 */
export function ModelVersionsTable(props: {
  /** Undefined while loading. */
  versions: MlflowModelVersionsResponse | undefined;
  isPending: boolean;
  isGated: boolean;
  paging: Paging;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { isGated, isPending, paging, versions } = props;
  const { aliased, errors = [], items, registeredModels } = versions ?? {};
  const all = useMemo(
    () => items && [...(aliased ?? []), ...items],
    [aliased, items],
  );
  const columns = useMemo(
    () =>
      createVersionColumns({
        t,
        versions: all,
        pinned: aliased,
        models: registeredModels ?? [],
      }),
    [t, all, aliased, registeredModels],
  );
  const models = registeredModels ?? [];
  const areAllPrompts =
    models.length > 0 && models.every(({ isPrompt }) => isPrompt);
  const title = areAllPrompts
    ? t('versions.prompts')
    : t('training.modelVersions');
  const isAllAbsent = models.length > 0 && models.every(isAbsent);

  return (
    <Section title={title} actions={<OpenInMlflow places={models} />}>
      <Flex direction="column" gap="3">
        <ReferenceNotices
          kind="model"
          summaries={models}
          errors={errors}
          isGated={isGated}
        />
        {versions && all?.length === 0 && paging.page === 1 ? (
          !isAllAbsent && <NoVersions versions={versions} isGated={isGated} />
        ) : (
          <>
            <DataTable
              label={title}
              columns={columns}
              items={all}
              getId={({ instance, name, version }) =>
                `${instance}:${name}:${version}`
              }
              isPending={isPending}
            />
            <Pager paging={paging} nextPageToken={versions?.nextPageToken} />
          </>
        )}
      </Flex>
    </Section>
  );
}
