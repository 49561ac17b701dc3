// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Cell,
  Column,
  Row,
  TableBody,
  TableBodySkeleton,
  TableHeader,
  TableRoot,
  VisuallyHidden,
  type SortDescriptor,
} from '@backstage/ui';
import type { ReactNode } from 'react';
import { mlflowTranslationRef } from '../../translations';
import styles from './DataTable.module.css';

export interface DataTableColumn<T> {
  id: string;
  label: string;
  /** The cell's content; undefined is shown as a dash. */
  cell: (item: T) => ReactNode;
  isRowHeader?: boolean;
  isSortable?: boolean;
  /** Figures line up at the end of the column. */
  isFigure?: boolean;
  /** Left out on a phone, where another column says it. */
  isWideOnly?: boolean;
}

function NoValue() {
  const { t } = useTranslationRef(mlflowTranslationRef);
  return (
    <>
      <span aria-hidden="true">{t('table.none')}</span>
      <VisuallyHidden>{t('table.none_label')}</VisuallyHidden>
    </>
  );
}

/**
 * A named table that scrolls in its own frame. `items` undefined shows rows
 * that are still loading; `isPending` dims rows that are about to be replaced.
 */
export function DataTable<T extends object>(props: {
  label: string;
  columns: ReadonlyArray<DataTableColumn<T>>;
  items: readonly T[] | undefined;
  getId: (item: T) => string;
  isPending?: boolean;
  /** Whether cells break into lines on a phone, rather than scroll. */
  canWrap?: boolean;
  sort?: SortDescriptor;
  onSort?: (sort: SortDescriptor) => void;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { columns, getId, isPending = false, items, label } = props;
  const wide = ({ isWideOnly }: DataTableColumn<T>) =>
    isWideOnly ? styles.wideOnly : '';
  return (
    <div
      className={
        props.canWrap ? `${styles.frame} ${styles.wrapping}` : styles.frame
      }
    >
      <VisuallyHidden role="status">
        {items === undefined || isPending ? t('table.loading') : ''}
      </VisuallyHidden>
      <TableRoot
        aria-label={label}
        stale={isPending && items !== undefined}
        isPending={items === undefined}
        sortDescriptor={props.sort}
        onSortChange={props.onSort}
      >
        <TableHeader columns={columns}>
          {column => (
            <Column
              id={column.id}
              isRowHeader={column.isRowHeader}
              allowsSorting={column.isSortable}
              className={`${wide(column)} ${column.isFigure ? styles.figureHeader : ''}`}
            >
              {column.label}
            </Column>
          )}
        </TableHeader>
        {items === undefined ? (
          <TableBodySkeleton columns={columns} />
        ) : (
          <TableBody items={items} dependencies={[columns]}>
            {item => (
              <Row id={getId(item)} columns={columns}>
                {column => (
                  <Cell
                    className={`${wide(column)} ${column.isFigure ? styles.figure : styles.cell}`}
                  >
                    <div className={styles.content}>
                      {column.cell(item) ?? <NoValue />}
                    </div>
                  </Cell>
                )}
              </Row>
            )}
          </TableBody>
        )}
      </TableRoot>
    </div>
  );
}
