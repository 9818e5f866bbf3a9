import type { Collector } from './core/collector.ts'
import { collectSheet } from './sheet/index.ts'
import { collectSiteAudit, probeContent } from './website/audit/index.ts'
import { collectSiteCheck, probeWebsite } from './website/availability/index.ts'

/** All collectors of this program, one line each. */
export const COLLECTORS: readonly Collector[] = [
  {
    name: 'website',
    kind: 'site_check',
    title: 'Availability of home pages',
    held: 400,
    collect: collectSiteCheck,
    probe: probeWebsite,
  },
  {
    name: 'website-content',
    kind: 'site_audit',
    title: 'Content of «Сведения об образовательной организации»',
    held: 8,
    collect: collectSiteAudit,
    probe: probeContent,
  },
  { name: 'sheet', kind: 'sheet_parse', title: 'Rows of uploaded sheets', held: 2, collect: collectSheet },
]
