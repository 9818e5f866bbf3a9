import type { User } from '../../api/schemas.ts'
import type { StatusTone } from '../../components/status.ts'
import type { TableColumn } from '../../components/table-columns.ts'
import { judgeUser, listOpenGrants, type UserState } from './grant-state.ts'

export const USER_STATES = ['active', 'invited', 'without_rights', 'disabled'] as const satisfies readonly UserState[]
export const USER_TONES: Record<UserState, StatusTone> = {
  active: 'ok',
  invited: 'unknown',
  without_rights: 'warn',
  disabled: 'blocked',
}

interface Words {
  t: (key: string) => string
  writeInstant: (instant: string) => string
  today: string
}

/** Columns of the list of accounts. */
export function listUserColumns({ t, writeInstant, today }: Words): TableColumn<User>[] {
  return [
    {
      key: 'name',
      label: t('users.column.name'),
      text: (user) => user.display_name,
      sort: (user) => user.display_name,
      width_px: 180,
      isRowHead: true,
    },
    {
      key: 'grants',
      label: t('users.column.grants'),
      text: (user) =>
        listOpenGrants(user, today)
          .map((grant) => `${t(`words.role.${grant.role}`)}, ${grant.org_unit_name ?? ''}`)
          .join('; '),
      width_px: 260,
      priority: 2,
    },
    {
      key: 'state',
      label: t('users.column.state'),
      text: (user) => t(`users.state.${judgeUser(user, today)}`),
      sort: (user) => USER_STATES.indexOf(judgeUser(user, today)),
      // On a telephone its longest word stands in one line.
      width_px: 170,
    },
    {
      key: 'second_factor',
      label: t('users.column.second_factor'),
      text: (user) => (user.has_second_factor ? t('users.has_second_factor') : t('users.no_second_factor')),
      sort: (user) => (user.has_second_factor ? 0 : 1),
      width_px: 110,
      priority: 3,
    },
    {
      key: 'last_sign_in',
      label: t('users.column.last_sign_in'),
      text: (user) => (user.last_sign_in_at === null ? t('users.never') : writeInstant(user.last_sign_in_at)),
      sort: (user) => user.last_sign_in_at,
      firstDirection: 'descending',
      align: 'end',
      width_px: 130,
      priority: 2,
    },
    { key: 'open', label: t('users.column.open'), text: () => '', align: 'end', width_px: 120 },
  ]
}

/** Accounts that meet the conditions; null: not asked for. */
export function filterUsers(
  users: readonly User[],
  { text, role, state }: { text: string | null; role: string | null; state: string | null },
  today: string,
): User[] {
  const part = text?.toLowerCase() ?? ''
  return users.filter((user) => {
    const grants = listOpenGrants(user, today)
    const words = [user.display_name, user.login, user.position, ...grants.map((grant) => grant.org_unit_name)]
    return (
      words.some((word) => (word ?? '').toLowerCase().includes(part)) &&
      (role === null || grants.some((grant) => grant.role === role)) &&
      (state === null || judgeUser(user, today) === state)
    )
  })
}
