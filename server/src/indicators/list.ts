import { fullSection } from './full-section.ts'
import type { Indicator, SiteIndicator } from './indicator.ts'
import { internetContract } from './internet-contract.ts'
import { internetNorm } from './internet-norm.ts'
import { mbpsPerComputer } from './mbps-per-computer.ts'
import { measuredCoverage } from './measured-coverage.ts'
import { silentBuildings } from './silent-buildings.ts'
import { siteAvailability } from './site-availability.ts'
import { validCertificates } from './valid-certificates.ts'
import { workingSites } from './working-sites.ts'

/** Those of school sites, which are looked at together. */
export const SITE_INDICATORS: readonly SiteIndicator[] = [
  workingSites,
  siteAvailability,
  fullSection,
  validCertificates,
]

/** All indicators, in the order of the dictionary. One file and one line here make an indicator. */
export const INDICATORS: readonly Indicator[] = [
  ...SITE_INDICATORS,
  internetNorm,
  internetContract,
  measuredCoverage,
  mbpsPerComputer,
  silentBuildings,
]

export function findIndicator(code: string): Indicator | undefined {
  return INDICATORS.find((indicator) => indicator.code === code)
}
