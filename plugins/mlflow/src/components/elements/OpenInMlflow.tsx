// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonLink, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import { RiArrowDownSLine, RiExternalLinkLine } from '@remixicon/react';
import { toSafeUrl } from '@greenroom/ui';
import { mlflowTranslationRef } from '../../translations';

/** What MLflow has a page of. */
export interface MlflowPlace {
  instance: string;
  name: string;
  url?: string;
}

/** The way to an experiment or a registered model in MLflow's own UI. */
export function OpenInMlflow(props: { places: readonly MlflowPlace[] }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const places = props.places.flatMap(place => {
    const url = toSafeUrl(place.url);
    return url ? [{ ...place, url }] : [];
  });
  if (places.length === 0) {
    return null;
  }
  if (places.length === 1) {
    const [{ name, url }] = places;
    return (
      <ButtonLink
        variant="secondary"
        href={url}
        target="_blank"
        rel="noopener noreferrer"
        iconEnd={<RiExternalLinkLine />}
        aria-label={t('a11y.opensInNewTab', {
          name: t('mlflow.openOne', { name }),
        })}
      >
        {t('mlflow.open')}
      </ButtonLink>
    );
  }
  const hasSeveralInstances =
    new Set(places.map(({ instance }) => instance)).size > 1;
  return (
    <MenuTrigger>
      <Button variant="secondary" iconEnd={<RiArrowDownSLine />}>
        {t('mlflow.open')}
      </Button>
      <Menu aria-label={t('mlflow.open')} maxHeight="20rem">
        {places.map(({ instance, name, url }) => (
          <MenuItem
            key={url}
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            iconStart={<RiExternalLinkLine />}
          >
            {hasSeveralInstances ? `${instance}: ${name}` : name}
          </MenuItem>
        ))}
      </Menu>
    </MenuTrigger>
  );
}
