// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  MenuListBox,
  MenuListBoxItem,
  MenuTrigger,
} from '@backstage/ui';
import { RiLayoutColumnLine } from '@remixicon/react';
import { mlflowTranslationRef } from '../../translations';

/** A menu to choose the columns of a table. */
export function ColumnChooser(props: {
  columns: ReadonlyArray<{ id: string; label: string; choice?: string }>;
  chosen: readonly string[];
  onChoose: (chosen: string[]) => void;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { chosen, columns, onChoose } = props;
  return (
    <MenuTrigger>
      <Button variant="secondary" iconStart={<RiLayoutColumnLine />}>
        {t('columns.choose')}
      </Button>
      <MenuListBox
        aria-label={t('columns.chooseLabel')}
        selectionMode="multiple"
        // Escape closes the menu; it would unselect everything.
        escapeKeyBehavior="none"
        selectedKeys={chosen}
        onSelectionChange={selection =>
          onChoose(
            columns
              .map(column => column.id)
              .filter(id => selection === 'all' || selection.has(id)),
          )
        }
        maxHeight="20rem"
        placement="bottom end"
      >
        {columns.map(column => (
          <MenuListBoxItem key={column.id} id={column.id}>
            {column.choice ?? column.label}
          </MenuListBoxItem>
        ))}
      </MenuListBox>
    </MenuTrigger>
  );
}
