import type { Collector } from './core/collector.ts'
import { collectSiteCheck, probeWebsite } from './website/availability/index.ts'

/** All collectors of this program, one line each. */
export const COLLECTORS: readonly Collector[] = [
  {
    name: 'website',
    kind: 'site_check',
    title: 'Availability of home pages',
    collect: collectSiteCheck,
    probe: probeWebsite,
  },
]
