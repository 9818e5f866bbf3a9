import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { SiteCard } from '../../api/schemas.ts'
import { useCauseTexts } from '../../composables/use-cause-texts.ts'

/** The sentence that opens a card: the state of the site that has trouble, why, and how much there is to mend. */
export function useSiteSentence(read: () => readonly SiteCard[] | undefined) {
  const { t } = useI18n()
  const causeText = useCauseTexts()
  return computed(() => {
    const sites = read()
    if (sites === undefined) return null
    const site = sites.find((one) => one.verdict === 'does_not_work') ?? sites[0]
    if (site === undefined) return t('school.lede.no_site')
    const parts = [t(`school.lede.${site.verdict ?? 'not_checked'}`)]
    const meaning = site.verdict === 'works' ? null : causeText(site.cause)?.meaning
    if (meaning) parts.push(meaning)
    const findings = (site.audit?.subsections ?? []).flatMap((one) => one.findings)
    const violations = findings.filter((finding) => finding.grade === 'violation').length
    if (violations > 0) parts.push(t('school.lede.violations', { count: violations }, violations))
    return parts.join(' ')
  })
}
