import type { ApiToken } from '../../api/schemas.ts'
import type { TableColumn } from '../../components/table-columns.ts'
import { judgeToken } from './token-state.ts'

interface Words {
  t: (key: string, values?: Record<string, string>) => string
  writeInstant: (instant: string) => string
  writeDay: (day: string) => string
  today: string
}

/** What a token speaks for: a collector at its vantage with its work, or a unit. */
function nameScope({ collector, vantage, work_kinds, org_unit_name }: ApiToken, t: Words['t']): string {
  if (collector === null) return org_unit_name ?? ''
  const work = (work_kinds ?? []).map((kind) => t(`collectors.kind.${kind}`))
  return `${collector}, ${vantage ?? ''}: ${work.join(', ')}`
}

/** Columns of the list of tokens. */
export function listTokenColumns({ t, writeInstant, writeDay, today }: Words): TableColumn<ApiToken>[] {
  return [
    {
      key: 'label',
      label: t('tokens.column.label'),
      text: (token) => token.label,
      sort: (token) => token.label,
      width_px: 200,
      isRowHead: true,
    },
    {
      key: 'kind',
      label: t('tokens.column.kind'),
      text: (token) => t(`tokens.kind.${token.kind}`),
      sort: (token) => token.kind,
      width_px: 130,
      priority: 3,
    },
    {
      key: 'scope',
      label: t('tokens.column.scope'),
      text: (token) => nameScope(token, t),
      sort: (token) => nameScope(token, t),
      width_px: 200,
      priority: 2,
    },
    {
      key: 'term',
      label: t('tokens.column.term'),
      text: ({ valid_to }) => (valid_to === null ? t('tokens.endless') : writeDay(valid_to)),
      sort: (token) => token.valid_to,
      align: 'end',
      width_px: 110,
      priority: 3,
    },
    {
      key: 'state',
      label: t('tokens.column.state'),
      text: (token) => t(`tokens.state.${judgeToken(token, today)}`),
      sort: (token) => judgeToken(token, today),
      width_px: 135,
    },
    {
      key: 'used',
      label: t('tokens.column.used'),
      text: ({ last_used_at }) => (last_used_at === null ? t('users.never') : writeInstant(last_used_at)),
      sort: (token) => token.last_used_at,
      firstDirection: 'descending',
      align: 'end',
      width_px: 130,
      priority: 2,
    },
    { key: 'action', label: t('tokens.column.action'), text: () => '', align: 'end', width_px: 140 },
  ]
}
