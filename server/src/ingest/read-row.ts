import { Compile } from 'typebox/compile'
import { SITE_CAUSES, SiteAudit, SiteCheck } from '../contract/index.ts'
import { isDay } from '../domain/region-day.ts'
import type { IdentifiedRow } from './receipts.ts'
import { findShapeFault, hashRow, idOf, isRealInstant, isRecord, type PlacedFault } from './row-shape.ts'

export type Measurement = SiteCheck | SiteAudit

/** A row that has the right shape. */
export interface ReadRow extends IdentifiedRow {
  index: number
  measurement: Measurement
}

export interface RowFault extends PlacedFault {
  index: number
  id: string | null
}

const checkValidator = Compile(SiteCheck)
const auditValidator = Compile(SiteAudit)

/** What the schema cannot say: a real date, a cause that fits the verdict, a copy that is base64. */
function findContradiction(row: Measurement): PlacedFault | null {
  const instants: [string, string][] = [['/started_at', row.started_at]]
  const pages = row.kind === 'site_audit' ? row.pages : row.evidence === null ? [] : [row.evidence]
  for (const [number, page] of pages.entries()) {
    const place = row.kind === 'site_audit' ? `/pages/${number}` : '/evidence'
    instants.push([`${place}/fetched_at`, page.fetched_at])
    if (page.body_gzip_base64 !== null && !/^[A-Za-z0-9+/]*={0,2}$/.test(page.body_gzip_base64)) {
      return { place: `${place}/body_gzip_base64`, fault: 'is not base64' }
    }
  }
  if (row.kind === 'site_check') {
    const expected = row.cause === null ? 'works' : SITE_CAUSES[row.cause].verdict
    if (row.verdict !== expected) return { place: '/cause', fault: `does not go with the verdict "${row.verdict}"` }
    const { certificate } = row
    if (certificate !== null) {
      instants.push(['/certificate/not_before', certificate.not_before])
      instants.push(['/certificate/not_after', certificate.not_after])
    }
  } else {
    const names = row.subsections.map((subsection) => subsection.subsection)
    if (new Set(names).size !== names.length) return { place: '/subsections', fault: 'names a subsection twice' }
    const wrong = row.subsections.findIndex(({ dated_on }) => dated_on !== null && !isDay(dated_on))
    if (wrong !== -1) return { place: `/subsections/${wrong}/dated_on`, fault: 'is no day of the calendar' }
  }
  const unreal = instants.find(([, instant]) => !isRealInstant(instant))
  return unreal === undefined ? null : { place: unreal[0], fault: 'is no time of the calendar' }
}

/** Judges one row by its shape alone. Nothing of a row that is not understood gets any further. */
export function readRow(row: unknown, index: number): ReadRow | RowFault {
  const fail = (place: string, fault: string): RowFault => ({ index, id: idOf(row), place, fault })
  if (!isRecord(row)) return fail('/', 'is not an object')
  if (row['kind'] !== 'site_check' && row['kind'] !== 'site_audit') {
    return fail('/kind', 'is neither site_check nor site_audit')
  }
  const fault = findShapeFault(row, row['kind'] === 'site_check' ? checkValidator : auditValidator)
  if (fault !== null) return fail(fault.place, fault.fault)
  const measurement = row as unknown as Measurement
  const contradiction = findContradiction(measurement)
  if (contradiction !== null) return fail(contradiction.place, contradiction.fault)
  return { index, id: measurement.id, measurement, content_sha256: hashRow(row) }
}
