import { fullSection } from './full-section.ts'
import type { Indicator } from './indicator.ts'
import { siteAvailability } from './site-availability.ts'
import { validCertificates } from './valid-certificates.ts'
import { workingSites } from './working-sites.ts'

/** All indicators, in the order of the dictionary. One file and one line here make an indicator. */
export const INDICATORS: readonly Indicator[] = [workingSites, siteAvailability, fullSection, validCertificates]

export function findIndicator(code: string): Indicator | undefined {
  return INDICATORS.find((indicator) => indicator.code === code)
}
