import { useI18n } from 'vue-i18n'
import type { ApiProblem } from '../api/client.ts'
import { useFormat } from './use-format.ts'

/** What a refusal means for the person, in the language of the screen; the API's own words for rare ones. */
export function useProblemText(): (problem: ApiProblem) => string {
  const i18n = useI18n()
  const { t } = i18n
  const te = (key: string): boolean => i18n.te(key)
  const format = useFormat()
  return (problem) => {
    const { code, details } = problem
    if (code === null) return t('problems.no_answer')
    const { retry_after_s, fault } = details
    if (code === 'EDU_RATE_LIMITED' && typeof retry_after_s === 'number') {
      return t('problems.wait_until', { time: format.time(new Date(Date.now() + retry_after_s * 1000).toISOString()) })
    }
    if (typeof fault === 'string' && te(`problems.password.${fault}`)) return t(`problems.password.${fault}`)
    return te(`problems.${code}`) ? t(`problems.${code}`) : problem.message
  }
}
