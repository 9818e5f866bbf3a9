/** One thing that a page says: its label, value and the current `itemprop`; null where the rules name none. */
export interface Item {
  prop: string | null
  label: string
  value: string
  /** Address of the document that the value links to. */
  href?: string
}

/** Parts of a subsection's page: labelled values, or records in a table whose rows carry the container's `itemprop`. */
export type Block =
  | { kind: 'items'; items: Item[] }
  | { kind: 'records'; heading: string; prop: string; columns: { prop: string; label: string }[]; rows: string[][] }
  | { kind: 'note'; text: string }

export function items(...list: [prop: string | null, label: string, value: string, href?: string][]): Block {
  return {
    kind: 'items',
    items: list.map(([prop, label, value, href]) =>
      href === undefined ? { prop, label, value } : { prop, label, value, href },
    ),
  }
}

export function records(
  heading: string,
  prop: string,
  columns: [prop: string, label: string][],
  rows: string[][],
): Block {
  return { kind: 'records', heading, prop, columns: columns.map(([name, label]) => ({ prop: name, label })), rows }
}

/** A label with a link to a document of the same name. */
export function documents(...list: [prop: string, label: string][]): Block {
  return items(
    ...list.map(([prop, label]): [string, string, string, string] => [
      prop,
      label,
      label,
      `/files/${prop.toLowerCase()}.pdf`,
    ]),
  )
}
