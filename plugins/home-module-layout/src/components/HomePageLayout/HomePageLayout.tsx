// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { HomePageLayoutProps } from '@backstage/plugin-home-react/alpha';
import { Container, Flex, PluginHeader } from '@backstage/ui';
import { RiHomeLine } from '@remixicon/react';
import { homeLayoutTranslationRef } from '../../translations';
import { SetupProgress } from '../SetupProgress';

function chooseWidgets({ defaultConfig, widgets }: HomePageLayoutProps) {
  if (defaultConfig) {
    return [...defaultConfig]
      .sort((a, b) => a.row - b.row || a.column - b.column)
      .flatMap(({ component }) =>
        widgets.filter(({ name }) => name === component),
      );
  }
  // The home plugin's own widgets (clocks, jokes) are a catalogue to choose
  // from; what other plugins bring is meant to be seen.
  return widgets.filter(({ node }) => node.spec.plugin.pluginId !== 'home');
}

/**
 * The home page: what plugins contribute, in the order of the app's extensions,
 * or what `page:home` lists in `defaultConfig`, by row.
 */
export function HomePageLayout(props: HomePageLayoutProps) {
  const { t } = useTranslationRef(homeLayoutTranslationRef);
  return (
    <>
      <PluginHeader title={t('title')} icon={<RiHomeLine />} />
      <Container>
        <Flex direction="column" gap="8" py="4">
          <SetupProgress />
          {chooseWidgets(props).map(({ component, node }) => (
            <div key={node.spec.id}>{component}</div>
          ))}
        </Flex>
      </Container>
    </>
  );
}
