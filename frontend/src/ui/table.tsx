// Real tables, usable on a phone: rows become cards, or the table scrolls sideways in a region that the keyboard reaches.
import { clsx } from 'clsx'
import type { ReactNode } from 'react'

export interface Column<Row> {
  key: string
  label: string
  cell: (row: Row) => ReactNode
  /** Figures are set flush right, digits below digits. */
  numeric?: boolean
  /** What names the row. */
  names?: boolean
  /** Long text: on a card it stands below its label. */
  wide?: boolean
  /** Where the cell speaks for itself: buttons. The label is then for screen readers only. */
  plain?: boolean
}

interface TableProps<Row> {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** On narrow screens: each row as a card, or the whole table scrolled sideways. */
  narrow?: 'stack' | 'scroll'
  /** The last row: totals, one cell a column, by the column's key. */
  total?: Readonly<Record<string, ReactNode>>
  /** The caption above the table; else it is for screen readers, and a heading says it. */
  showCaption?: boolean
}

export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  narrow = 'stack',
  total,
  showCaption = false,
}: TableProps<Row>) {
  const stack = narrow === 'stack'
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
    <section aria-label={caption} tabIndex={0} className="relative -mx-1 overflow-x-auto px-1 pb-1">
      <table {...role('table')} className={clsx('w-full border-collapse text-left', stack && 'max-md:block')}>
        <caption className={showCaption ? 'pb-3 text-left font-semibold' : 'sr-only'}>{caption}</caption>
        <thead {...role('rowgroup')} className={clsx(stack && 'max-md:sr-only')}>
          <tr {...role('row')} className="border-b border-edge">
            {columns.map((column) => (
              <th
                key={column.key}
                {...role('columnheader')}
                scope="col"
                className={clsx(
                  'px-3 py-2.5 text-sm font-semibold whitespace-nowrap text-muted first:pl-0 last:pr-0',
                  column.numeric && 'text-right',
                )}
              >
                {column.plain ? <span className="sr-only">{column.label}</span> : column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...role('rowgroup')} className={clsx(stack && 'max-md:grid max-md:gap-3')}>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              {...role('row')}
              data-row=""
              className={clsx(
                'border-b border-rule focus-within:bg-surface md:hover:bg-surface',
                stack && 'max-md:grid max-md:gap-1.5 max-md:rounded-card max-md:border max-md:p-4',
              )}
            >
              {columns.map((column) => (
                <Cell key={column.key} column={column} stack={stack}>
                  {column.cell(row)}
                </Cell>
              ))}
            </tr>
          ))}
        </tbody>
        {total && (
          <tfoot {...role('rowgroup')}>
            <tr {...role('row')} className="font-semibold">
              {columns.map((column) => (
                <Cell key={column.key} column={column} stack={false} isTotal>
                  {total[column.key]}
                </Cell>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </section>
  )
}

interface CellProps<Row> {
  column: Column<Row>
  stack: boolean
  isTotal?: boolean
  children: ReactNode
}

function Cell<Row>({ column, stack, isTotal = false, children }: CellProps<Row>) {
  // On a card, these take a line of their own.
  const isWhole = column.names || column.plain || column.wide
  const look = clsx(
    'px-3 py-3 align-top first:pl-0 last:pr-0',
    column.numeric && 'figure text-right whitespace-nowrap',
    stack && 'max-md:p-0',
    stack && (isWhole ? 'max-md:block' : 'max-md:flex max-md:justify-between max-md:gap-4 max-md:text-right'),
    stack && column.plain && 'max-md:pt-2',
  )
  // The column's heading again, for eyes only: screen readers have it from the table.
  const label = stack && !column.names && !column.plain && (
    <span
      aria-hidden="true"
      className={clsx('shrink-0 text-sm text-muted md:hidden', isWhole && 'block pb-0.5')}
    >
      {column.label}
    </span>
  )
  if (column.names) {
    return (
      <th {...role('rowheader')} scope="row" className={clsx(look, !isTotal && 'font-normal')}>
        {children}
      </th>
    )
  }
  return (
    <td {...role('cell')} className={look}>
      {label}
      <span className="min-w-0">{children}</span>
    </td>
  )
}

/** Said again, because a table that is laid out as cards loses its meaning in some browsers. */
const role = (name: string) => ({ role: name })
