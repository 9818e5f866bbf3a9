import type { SilentBuilding } from '../../api/internet.ts'
import type { TableColumn } from '../../components/table-columns.ts'
import type { useFormat } from '../../composables/use-format.ts'

interface Words {
  t: (key: string, named?: Record<string, unknown>) => string
  format: Pick<ReturnType<typeof useFormat>, 'number' | 'instant'>
}
type Told = Pick<SilentBuilding, 'likely_cause' | 'test_cause'>

/** Why a building is likely not heard of, in words; "could not measure" with its own cause. */
export function tellCause({ likely_cause, test_cause }: Told, t: Words['t']): string {
  if (likely_cause === null) return ''
  const cause = t(`words.silence_cause.${likely_cause}`)
  return likely_cause === 'test_failed' && test_cause !== null
    ? `${cause}: ${t(`words.speed_cause.${test_cause}`)}`
    : cause
}

/** What to do about it. */
export function tellAdvice({ likely_cause, test_cause }: Told, t: Words['t']): string {
  if (likely_cause === null) return ''
  if (likely_cause === 'test_failed' && test_cause !== null) return t(`words.speed_advice.${test_cause}`)
  return t(`words.silence_advice.${likely_cause}`)
}

export function listSilentColumns({ t, format }: Words): TableColumn<SilentBuilding>[] {
  const label = (key: string): string => t(`internet.silent_list.column.${key}`)
  const nameOf = (row: SilentBuilding): string =>
    [row.organisation_name, row.short_name, row.address].filter(Boolean).join(', ')
  return [
    { key: 'place', label: label('place'), text: nameOf, sort: nameOf, width_px: 230, isRowHead: true },
    {
      key: 'silence',
      label: label('silence'),
      text: (row) => t(`words.silence.${row.silence}`),
      sort: (row) => ['silent', 'at_risk', 'never_set_up'].indexOf(row.silence),
      width_px: 130,
      priority: 2,
    },
    {
      key: 'missed',
      label: label('missed'),
      text: (row) => (row.heard_at === null ? '' : format.number(row.missed_days)),
      sort: (row) => (row.heard_at === null ? null : row.missed_days),
      firstDirection: 'descending',
      align: 'end',
      width_px: 100,
      priority: 2,
    },
    {
      key: 'heard',
      label: label('heard'),
      text: (row) => (row.heard_at === null ? t('internet.silent_list.never') : format.instant(row.heard_at)),
      sort: (row) => row.heard_at,
      width_px: 150,
      priority: 3,
    },
    {
      key: 'cause',
      label: label('cause'),
      text: (row) => `${tellCause(row, t)}. ${tellAdvice(row, t)}`,
      sort: (row) => tellCause(row, t),
      width_px: 340,
    },
  ]
}
