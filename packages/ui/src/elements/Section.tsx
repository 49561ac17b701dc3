// SPDX-License-Identifier: Apache-2.0
import { Card, CardBody, CardHeader, Flex, Text } from '@backstage/ui';
import { useId, type ReactNode } from 'react';
import styles from './Section.module.css';

/** A named part of a page, on a surface of its own. @public */
export function Section(props: {
  title: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Card>
        <CardHeader>
          <Flex
            justify="between"
            align="center"
            gap="3"
            className={styles.head}
          >
            <Text as="h2" id={id} variant="title-x-small" weight="bold">
              {props.title}
            </Text>
            <Flex gap="2" className={styles.head}>
              {props.actions}
            </Flex>
          </Flex>
        </CardHeader>
        <CardBody>{props.children}</CardBody>
      </Card>
    </section>
  );
}
