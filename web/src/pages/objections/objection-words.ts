import { useI18n } from 'vue-i18n'
import type { Objection } from '../../api/schemas.ts'
import type { StatusTone } from '../../components/status.ts'
import { useFormat } from '../../composables/use-format.ts'

const STATE_TONES = { open: 'warn', granted: 'ok', rejected: 'unknown' } as const satisfies Record<string, StatusTone>
const TERM_TONES = {
  running: null,
  due_today: 'warn',
  overdue: 'bad',
  kept: 'ok',
  late: 'warn',
} as const satisfies Record<string, StatusTone | null>

/** Objections in words of the screen: what they are about, how they stand, what was seen. */
export function useObjectionWords() {
  const i18n = useI18n()
  const { t } = i18n
  const format = useFormat()

  const subjectOf = ({ finding, subsection }: Pick<Objection, 'finding' | 'subsection'>): string =>
    subsection === null ? t(`objections.finding.${finding}`) : t(`words.subsection.${subsection}`)

  function outcomeOf({ finding }: Pick<Objection, 'finding'>, outcome: string): string {
    const group = { availability: 'verdict', certificate: 'certificate_state', subsection: 'presence' }[finding]
    const key = `words.${group}.${outcome}`
    return i18n.te(key) ? t(key) : t(`objections.audit_outcome.${outcome}`)
  }

  /** The state, with what a decision does now. */
  function stateOf({ state, kind, decision }: Objection): { tone: StatusTone; label: string } {
    const isOver = decision !== null && state === 'granted' && !decision.is_in_force
    const label = isOver ? t(`objections.over.${kind}`) : t(`objections.state.${state}`)
    return { tone: isOver ? 'unknown' : STATE_TONES[state], label }
  }

  /** The term; without a tone while there is nothing to say of it but its day. */
  function termOf({ term, due_on }: Objection): { tone: StatusTone | null; label: string } {
    const count = term.working_days
    const day = format.day(due_on, { year: false })
    return { tone: TERM_TONES[term.state], label: t(`objections.term.${term.state}`, { count, day }, count) }
  }

  function recheckOf(objection: Objection): string | null {
    const { recheck } = objection
    if (recheck === null) return null
    if (recheck.outcome === null) return t(`objections.recheck.${recheck.state}`)
    const when = recheck.observed_at === null ? '' : format.instant(recheck.observed_at, { year: false })
    return t('objections.recheck.done', { outcome: outcomeOf(objection, recheck.outcome), when })
  }

  return { subjectOf, outcomeOf, stateOf, termOf, recheckOf }
}
