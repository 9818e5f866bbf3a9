import { useI18n } from 'vue-i18n'
import type { AuditEvent } from '../../api/schemas.ts'
import { useFormat } from '../../composables/use-format.ts'
import { useIndicators } from '../../composables/use-indicators.ts'
import { useVantageName } from '../../composables/use-vantage-name.ts'
import { WITHHELD } from '../../format/number.ts'
import { actionTextKey } from './audit-actions.ts'
import { valueTextKeys } from './event-fields.ts'

const SYSTEM_ACTORS: Readonly<Record<string, 'nobody' | 'claims' | 'system'>> = {
  nobody: 'nobody',
  'openid connect': 'claims',
  system: 'system',
  retention: 'system',
}
/** Whom a login stands for that nobody has. */
const NOBODY = 'user 0'
const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** Events in words of the screen; what has no word is shown as it was recorded. */
export function useAuditWords() {
  const i18n = useI18n()
  const { t } = i18n
  const te = (key: string): boolean => i18n.te(key)
  const format = useFormat()
  const vantageName = useVantageName()
  const { textsOf } = useIndicators()

  function wordOf(field: string, word: string): string {
    if (field === 'vantage') return vantageName(word)
    if (field === 'indicator') return textsOf(word)?.title ?? word
    const key = valueTextKeys(field, word).find(te)
    if (key !== undefined) return t(key)
    if (DAY.test(word)) return format.day(word)
    return INSTANT.test(word) ? format.instant(word) : word
  }

  const actionOf = ({ action }: Pick<AuditEvent, 'action'>): string => t(actionTextKey(action))

  function actorOf({ actor }: Pick<AuditEvent, 'actor'>): string {
    const collector = /^collector (.+)$/.exec(actor)?.[1]
    if (collector !== undefined) return t('audit.actor.collector', { name: collector })
    const known = SYSTEM_ACTORS[actor]
    return known === undefined ? actor : t(`audit.actor.${known}`)
  }

  function subjectOf({ subject, subject_name, org_unit_name }: AuditEvent): string {
    if (subject_name !== null) return subject_name
    if (subject === NOBODY) return t('audit.actor.nobody')
    const [sort = '', ...rest] = subject.split(' ')
    if (sort === 'org_unit' && org_unit_name !== null) return org_unit_name
    const key = `audit.subject.${sort}`
    return te(key) ? t(key, { id: wordOf(sort, rest.join(' ')) }) : subject
  }

  const fieldOf = (field: string): string => (te(`audit.field.${field}`) ? t(`audit.field.${field}`) : field)

  /** A recorded value; what was not recorded at all is a dash, what was recorded as nothing is said. */
  function valueOf(field: string, value: unknown): string {
    if (value === undefined) return WITHHELD
    if (value === null) return t(field === 'founder_kinds' ? 'audit.detail.all' : 'audit.detail.none')
    if (typeof value === 'boolean') return t(value ? 'audit.detail.yes' : 'audit.detail.no')
    if (typeof value === 'number') return field === 'bytes' ? format.bytes(value) : String(value)
    if (typeof value === 'string') return wordOf(field, value)
    if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
      return value.length === 0 ? t('audit.detail.none') : value.map((item) => valueOf(field, item)).join(', ')
    }
    return JSON.stringify(value)
  }
  return { actionOf, actorOf, subjectOf, fieldOf, valueOf }
}
