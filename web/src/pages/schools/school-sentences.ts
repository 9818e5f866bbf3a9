import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { OrgUnitRow } from '../../api/schemas.ts'
import { useFormat } from '../../composables/use-format.ts'
import { countUnits, type SchoolRow } from './school-row.ts'

interface Words {
  t: (key: string, named: Record<string, unknown>, plural: number) => string
  format: { number: (value: number) => string }
}

/** The one sentence that opens the list: how many sites do not work, and of how many it cannot be told. */
export function findSchoolsSentence(rows: readonly SchoolRow[], { t, format }: Words): string {
  if (rows.length === 0) return t('schools.lede_none', {}, 0)
  const count = (verdict: string): number => rows.filter((row) => row.state?.verdict === verdict).length
  const broken = count('does_not_work')
  const unsure = count('cannot_tell')
  if (rows.every((row) => (row.state?.verdict ?? null) === null)) return t('schools.lede_not_checked', {}, 0)
  if (broken === 0 && unsure === 0) return t('schools.lede_all_work', {}, 0)
  const parts = [
    ...(broken === 0 ? [] : [t('schools.lede_broken', { count: format.number(broken) }, broken)]),
    ...(unsure === 0 ? [] : [t('schools.lede_unsure', { count: format.number(unsure) }, unsure)]),
  ]
  return parts.join(' ')
}

/** «N юрлиц, N филиалов, N зданий»: three different things, counted apart. */
export function useUnitCounts(read: () => readonly OrgUnitRow[] | undefined) {
  const { t } = useI18n()
  const format = useFormat()
  return computed(() => {
    const units = read()
    if (units === undefined) return undefined
    const counts = countUnits(units)
    const write = (key: keyof typeof counts): string =>
      t(`schools.${key}`, { count: format.number(counts[key]) }, counts[key])
    return t('schools.under', {
      organisations: write('organisations'),
      branches: write('branches'),
      buildings: write('buildings'),
    })
  })
}
