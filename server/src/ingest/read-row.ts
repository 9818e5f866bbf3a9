import { createHash } from 'node:crypto'
import { Compile } from 'typebox/compile'
import { SITE_CAUSES, SiteAudit, SiteCheck } from '../contract/index.ts'
import { canonicalJson, findUnstorableText } from '../domain/canonical-json.ts'
import { isDay } from '../domain/region-day.ts'

export type Measurement = SiteCheck | SiteAudit

/** A row that has the right shape. */
export interface ReadRow {
  index: number
  measurement: Measurement
  content_sha256: Buffer
}

/** Place of the fault as a JSON pointer, and what is wrong there. */
export interface RowFault {
  index: number
  id: string | null
  place: string
  fault: string
}

const checkValidator = Compile(SiteCheck)
const auditValidator = Compile(SiteAudit)

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function idOf(row: unknown): string | null {
  const id = isRecord(row) ? row['id'] : undefined
  return typeof id === 'string' ? id.slice(0, 100) : null
}

/** What the schema cannot say: a real date, a cause that fits the verdict, a copy that is base64. */
function findContradiction(row: Measurement): { place: string; fault: string } | null {
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
  const unreal = instants.find(([, instant]) => !isDay(instant.slice(0, 10)) || Number.isNaN(Date.parse(instant)))
  return unreal === undefined ? null : { place: unreal[0], fault: 'is no time of the calendar' }
}

/** Judges one row by its shape alone. Nothing of a row that is not understood gets any further. */
export function readRow(row: unknown, index: number): ReadRow | RowFault {
  const fail = (place: string, fault: string): RowFault => ({ index, id: idOf(row), place, fault })
  if (!isRecord(row)) return fail('/', 'is not an object')
  if (row['kind'] !== 'site_check' && row['kind'] !== 'site_audit') {
    return fail('/kind', 'is neither site_check nor site_audit')
  }
  const validator = row['kind'] === 'site_check' ? checkValidator : auditValidator
  if (!validator.Check(row)) {
    const [first] = validator.Errors(row)
    const place = first === undefined || first.instancePath === '' ? '/' : first.instancePath
    return fail(place.slice(0, 200), (first?.message ?? 'does not fit the contract').slice(0, 200))
  }
  const unstorable = findUnstorableText(row)
  if (unstorable !== null) return fail(unstorable.slice(0, 200), 'holds a character that cannot be stored')
  const contradiction = findContradiction(row)
  if (contradiction !== null) return fail(contradiction.place, contradiction.fault)
  const content_sha256 = createHash('sha256').update(canonicalJson(row)).digest()
  return { index, measurement: row, content_sha256 }
}
