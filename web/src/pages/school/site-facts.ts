import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { SiteCard } from '../../api/schemas.ts'
import { useFormat } from '../../composables/use-format.ts'
import { formatCertificateName } from '../../format/certificate-name.ts'

/** The row of facts over a site; what was not seen has no fact, and a site without TLS says so. */
export function useSiteFacts(read: () => SiteCard) {
  const { t } = useI18n()
  const format = useFormat()

  function certificateFact({ certificate, certificate_valid }: SiteCard) {
    if (certificate === null) return { label: t('school.certificate'), text: t('school.certificate_none') }
    const until = t('school.certificate_until', { day: format.instant(certificate.not_after) })
    const trust = certificate.trust_store === 'extra' ? t('sites.certificates.trust_extra') : null
    const fault = certificate_valid === false ? t('words.certificate.certificate_invalid') : null
    const note = [fault, trust, until].filter((part) => part !== null).join('; ')
    return { label: t('school.certificate'), text: formatCertificateName(certificate.issuer), note }
  }

  return computed(() => {
    const site = read()
    const checked =
      site.last_checked_at === null ? '' : t('school.checked', { when: format.instant(site.last_checked_at) })
    const facts: { key?: string; label: string; text: string; note?: string }[] = [
      { key: 'now', label: t('school.now'), text: '', note: checked },
    ]
    if (site.audit?.outcome === 'audited') {
      const { subsections, audited_at } = site.audit
      facts.push({
        label: t('school.subsections'),
        text: t('school.subsections_of', {
          present: subsections.filter((one) => one.presence === 'present').length,
          expected: subsections.length,
        }),
        note: t('school.audited', { when: format.instant(audited_at) }),
      })
    }
    facts.push(certificateFact(site))
    if (site.platform !== null) facts.push({ label: t('school.platform'), text: t(`words.platform.${site.platform}`) })
    if (site.total_ms !== null) facts.push({ label: t('school.answer_time'), text: format.duration(site.total_ms) })
    return facts
  })
}
