import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fullSection } from '../../../server/src/indicators/full-section.ts'
import type { Indicator } from '../../../server/src/indicators/indicator.ts'
import { siteAvailability } from '../../../server/src/indicators/site-availability.ts'
import { validCertificates } from '../../../server/src/indicators/valid-certificates.ts'
import { workingSites } from '../../../server/src/indicators/working-sites.ts'
import { evaluateAt, place } from '../../factories/evaluation.ts'
import { inChange, insertSite, insertStatus, insertUnit, type Change, type MadeUnit } from '../../factories/registry.ts'
import {
  insertAudit,
  insertCheck,
  insertEvidence,
  insertHour,
  insertHumanCheck,
  insertVerdict,
  type MadeSite,
} from '../../factories/site-facts.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'

const THIRTEEN = Object.fromEntries(
  'common struct document education managers employees objects grants paid_edu budget vacant inter catering'
    .split(' ')
    .map((subsection) => [subsection, 'present' as const]),
)
const FULL = { ...THIRTEEN, eduStandarts: 'present' as const }

let database: TestDatabase
let region: MadeUnit
beforeAll(async () => {
  database = await createTestDatabase()
  region = await inChange(database.db, (change) => insertUnit(change, { kind: 'region', name: 'Область' }))
})
afterAll(() => database.drop())

/** A municipality of its own, so that every test counts only what it made. */
function inMunicipality(work: (change: Change, school: (org_kind?: string) => Promise<MadeSite>) => Promise<void>) {
  return inChange(database.db, async (change) => {
    const municipality = await insertUnit(change, { kind: 'municipality', name: 'Район', parent: region })
    await work(change, async (org_kind = 'school') => {
      const unit = await insertUnit(change, { kind: 'organisation', name: 'Школа', parent: municipality, org_kind })
      return { unit, target_id: await insertSite(change, unit) }
    })
    return municipality.org_unit_id
  })
}

async function totalOf(indicator: Indicator, territory_id: number, period = '2026-09') {
  return (await evaluateAt(database.db, indicator, { territory_id, period })).total
}

describe('working_sites', () => {
  it('counts the newest verdict before the end of the period, in the time zone of the region', async () => {
    const territory = await inMunicipality(async (change, school) => {
      const [mended, broken, late] = [await school(), await school(), await school()]
      await insertVerdict(change, mended, {
        at: '2026-09-30T10:00:00Z',
        verdict: 'does_not_work',
        cause: 'dns_timeout',
      })
      await insertVerdict(change, mended, { at: '2026-09-30T11:00:00Z', verdict: 'works', round_no: 2 })
      await insertVerdict(change, broken, { at: '2026-09-30T11:00:00Z', verdict: 'works' })
      await insertVerdict(change, broken, { at: '2026-09-30T19:59:59Z', verdict: 'does_not_work', round_no: 2 })
      await insertVerdict(change, late, { at: '2026-09-30T19:00:00Z', verdict: 'works' })
      await insertVerdict(change, late, { at: '2026-09-30T20:00:00Z', verdict: 'does_not_work', round_no: 2 })
    })
    expect(await totalOf(workingSites, territory)).toMatchObject({ value: 2 / 3, numerator: 2, denominator: 3 })
  })

  it('leaves out with a reason, and only what should have reported lowers coverage', async () => {
    const territory = await inMunicipality(async (change, school) => {
      for (const verdict of ['works', 'works', 'cannot_tell', 'blocks_robots']) {
        await insertVerdict(change, await school(), { at: '2026-09-29T10:00:00Z', verdict })
      }
      await insertVerdict(change, await school(), { at: '2026-09-01T10:00:00Z', verdict: 'works' })
      const repaired = await school()
      await insertVerdict(change, repaired, { at: '2026-09-29T10:00:00Z', verdict: 'does_not_work' })
      await insertStatus(change, repaired.unit, { status: 'capital_repair', valid_from: '2026-09-01' })
      const reopened = await school()
      await insertVerdict(change, reopened, { at: '2026-09-29T10:00:00Z', verdict: 'does_not_work' })
      const july = { status: 'holidays', valid_from: '2026-07-01', valid_to: '2026-07-31' }
      await insertStatus(change, reopened.unit, july)
    })
    expect(await totalOf(workingSites, territory)).toMatchObject({
      numerator: 2,
      denominator: 3,
      expected: 6,
      reported: 3,
      coverage_ratio: 0.5,
      value: 2 / 3,
      excluded: [
        { reason: 'blocks_robots', units: 1 },
        { reason: 'cannot_tell', units: 1 },
        { reason: 'capital_repair', units: 1 },
        { reason: 'no_data', units: 1 },
      ],
    })
  })

  it('gives no value below the coverage floor, but says what it would rest on', async () => {
    const territory = await inMunicipality(async (change, school) => {
      await insertVerdict(change, await school(), { at: '2026-09-29T10:00:00Z', verdict: 'works' })
      await school()
      await school()
    })
    expect(await totalOf(workingSites, territory)).toMatchObject({
      value: null,
      refusal: 'low_coverage',
      numerator: 1,
      denominator: 1,
      expected: 3,
      reported: 1,
    })
  })

  it('tells none working (0) from nothing known (null)', async () => {
    const broken = await inMunicipality(async (change, school) =>
      insertVerdict(change, await school(), { at: '2026-09-29T10:00:00Z', verdict: 'does_not_work' }),
    )
    const silent = await inMunicipality(async (_change, school) => {
      await school()
    })
    expect(await totalOf(workingSites, broken)).toMatchObject({ value: 0, numerator: 0, denominator: 1 })
    expect(await totalOf(workingSites, silent)).toMatchObject({ value: null, numerator: null, refusal: 'no_data' })
  })
})

describe('site_availability', () => {
  it('divides seconds by seconds over school hours of working days, without excluded and undetermined hours', async () => {
    const territory = await inMunicipality(async (change, school) => {
      const [first, second, repaired] = [await school(), await school(), await school()]
      await insertHour(change, first, { day: '2026-09-01', hour: 8, observed_s: 3600, up_s: 1800 })
      await insertHour(change, first, { day: '2026-09-01', hour: 17, observed_s: 600, up_s: 600 })
      await insertHour(change, first, { day: '2026-09-01', hour: 7, observed_s: 3600, up_s: 0 })
      await insertHour(change, first, { day: '2026-09-01', hour: 18, observed_s: 3600, up_s: 0 })
      await insertHour(change, first, { day: '2026-09-05', hour: 10, observed_s: 3600, up_s: 0 })
      await insertHour(change, first, { day: '2026-10-01', hour: 10, observed_s: 3600, up_s: 0 })
      await insertHour(change, second, { day: '2026-09-02', hour: 9, observed_s: 1800, up_s: 1800 })
      await insertHour(change, second, {
        day: '2026-09-02',
        hour: 10,
        observed_s: 99,
        up_s: 0,
        validity: 'cannot_tell',
      })
      await insertHour(change, repaired, { day: '2026-09-02', hour: 9, observed_s: 99, up_s: 0, validity: 'excluded' })
    })
    expect(await totalOf(siteAvailability, territory)).toMatchObject({
      numerator: 4200,
      denominator: 6000,
      value: 0.7,
      expected: 2,
      reported: 2,
      excluded: [{ reason: 'dated_status', units: 1 }],
    })
  })
})

describe('full_section', () => {
  it('asks for every subsection owed by the kind, and for no microdata', async () => {
    const territory = await inMunicipality(async (change, school) => {
      await insertAudit(change, await school(), { at: '2026-09-20T10:00:00Z', presence: FULL })
      await insertAudit(change, await school('additional'), { at: '2026-09-20T10:00:00Z', presence: THIRTEEN })
      await insertAudit(change, await school(), { at: '2026-09-20T10:00:00Z', presence: { ...FULL, budget: 'absent' } })
      await insertAudit(change, await school(), { at: '2026-09-20T10:00:00Z', presence: { ...FULL, grants: 'empty' } })
    })
    expect(await totalOf(fullSection, territory)).toMatchObject({ numerator: 2, denominator: 4, coverage_ratio: 1 })
  })

  it('counts an unconfirmed subsection neither as a violation nor as a gap', async () => {
    const territory = await inMunicipality(async (change, school) => {
      await insertAudit(change, await school(), { at: '2026-09-20T10:00:00Z', presence: FULL })
      const unconfirmed = { ...FULL, vacant: 'not_confirmed' } as const
      await insertAudit(change, await school(), { at: '2026-09-20T10:00:00Z', presence: unconfirmed })
      await insertAudit(change, await school(), { at: '2026-09-20T10:00:00Z', presence: THIRTEEN })
    })
    expect(await totalOf(fullSection, territory)).toMatchObject({
      value: 1,
      denominator: 1,
      expected: 3,
      reported: 3,
      excluded: [{ reason: 'not_confirmed', units: 2 }],
    })
  })

  it("takes a person's word where the collector could not confirm or was not allowed, the newest definite one else", async () => {
    const territory = await inMunicipality(async (change, school) => {
      const refused = await school()
      await insertAudit(change, refused, { at: '2026-09-20T10:00:00Z', outcome: 'not_allowed' })
      await insertHumanCheck(change, refused, { day: '2026-08-01', presence: FULL })
      const helped = await school()
      const unconfirmed = { ...FULL, vacant: 'not_confirmed' } as const
      await insertAudit(change, helped, { at: '2026-09-20T10:00:00Z', presence: unconfirmed })
      await insertHumanCheck(change, helped, { day: '2026-09-10', presence: { vacant: 'present' } })
      const worsened = await school()
      await insertHumanCheck(change, worsened, { day: '2026-09-10', presence: FULL })
      await insertAudit(change, worsened, { at: '2026-09-20T10:00:00Z', presence: { ...FULL, budget: 'absent' } })
      await insertAudit(change, await school(), { at: '2026-09-20T10:00:00Z', outcome: 'not_allowed' })
    })
    expect(await totalOf(fullSection, territory)).toMatchObject({
      numerator: 2,
      denominator: 3,
      expected: 4,
      reported: 3,
      excluded: [{ reason: 'not_allowed', units: 1 }],
    })
  })
})

describe('the check of a person who may decide no dispute', () => {
  const asked = { day: '2026-09-25', presence: FULL, is_decisive: false }
  const lacking = { at: '2026-09-20T10:00:00Z', presence: { ...FULL, budget: 'absent' } } as const

  it('says what no audit could confirm, and overrules nothing that one did', async () => {
    const territory = await inMunicipality(async (change, school) => {
      const confirmed = await school()
      await insertAudit(change, confirmed, lacking)
      await insertHumanCheck(change, confirmed, asked)
      const unconfirmed = await school()
      await insertAudit(change, unconfirmed, { ...lacking, presence: { ...FULL, vacant: 'not_confirmed' } })
      await insertHumanCheck(change, unconfirmed, asked)
      const refused = await school()
      await insertAudit(change, refused, { at: lacking.at, outcome: 'not_allowed' })
      await insertHumanCheck(change, refused, asked)
      await insertHumanCheck(change, await school(), asked)
    })
    expect(await totalOf(fullSection, territory)).toMatchObject({ numerator: 3, denominator: 4, reported: 4 })
  })

  it('neither hides nor overrules an earlier check of those who decide', async () => {
    const territory = await inMunicipality(async (change, school) => {
      const present = await school()
      await insertAudit(change, present, lacking)
      await insertHumanCheck(change, present, { day: '2026-09-22', presence: { budget: 'present' } })
      await insertHumanCheck(change, present, { ...asked, presence: { budget: 'absent' } })
      for (const absent of [await school(), await school()]) {
        await insertHumanCheck(change, absent, { day: '2026-09-22', presence: { ...FULL, budget: 'absent' } })
        await insertHumanCheck(change, absent, asked)
      }
    })
    expect(await totalOf(fullSection, territory)).toMatchObject({ numerator: 1, denominator: 3 })
  })

  it('is named as such among the facts that counted', async () => {
    let site: MadeSite | undefined
    const territory_id = await inMunicipality(async (change, school) => {
      site = await school()
      await insertHumanCheck(change, site, { ...asked, presence: { vacant: 'present' } })
      await insertHumanCheck(change, site, { day: '2026-09-24', presence: { budget: 'present' } })
    })
    const { context } = await place(database.db, fullSection, { territory_id, period: '2026-09' })
    expect(await fullSection.facts(database.db, context, site?.unit.org_unit_id ?? 0)).toMatchObject([
      { detail: 'vacant', provenance: 'person_asking' },
      { detail: 'budget', provenance: 'person' },
    ])
  })
})

describe('valid_certificates', () => {
  it('counts http alone against the share, and leaves out what was not reached or could not be judged', async () => {
    const at = '2026-09-29T10:00:00Z'
    const territory = await inMunicipality(async (change, school) => {
      await insertCheck(change, await school(), { at, http_status: 200, tls_ms: 9, certificate_valid: true })
      await insertCheck(change, await school(), { at, http_status: 200, tls_ms: 9, certificate_valid: true })
      const expired = { verdict: 'does_not_work', cause: 'tls_expired', tls_ms: 9, certificate_valid: false }
      await insertCheck(change, await school(), { at, ...expired })
      await insertCheck(change, await school(), { at, http_status: 200 })
      const gone = await school()
      await insertCheck(change, gone, { at, verdict: 'does_not_work', cause: 'connect_refused' })
      const national = { verdict: 'cannot_tell', cause: 'tls_national_root', tls_ms: 9, certificate_valid: false }
      await insertCheck(change, await school(), { at, ...national })
    })
    expect(await totalOf(validCertificates, territory)).toMatchObject({
      numerator: 2,
      denominator: 4,
      expected: 6,
      reported: 4,
      excluded: [
        { reason: 'cannot_tell', units: 1 },
        { reason: 'unreachable', units: 1 },
      ],
    })
  })
})

describe('facts', () => {
  it('name source, change set and kept pages for each kind of indicator', async () => {
    let site: MadeSite | undefined
    let evidence_id = ''
    const territory_id = await inMunicipality(async (change, school) => {
      site = await school()
      const at = '2026-09-29T06:00:00Z'
      await insertHour(change, site, { day: '2026-09-29', hour: 10, observed_s: 900, up_s: 600 })
      const seen = { at, http_status: 200, tls_ms: 9, certificate_valid: true }
      const measurement_id = await insertCheck(change, site, seen)
      evidence_id = await insertEvidence(change, site, { at, measurement_id })
      const audit_id = await insertAudit(change, site, { at, presence: { budget: 'absent' } })
      const url = 'https://school.example/sveden/budget'
      await insertEvidence(change, site, { at, measurement_id: audit_id, url })
    })
    const factsOf = async (indicator: Indicator) => {
      const placed = await place(database.db, indicator, { territory_id, period: '2026-09' })
      return indicator.facts(database.db, placed.context, site?.unit.org_unit_id ?? 0)
    }
    expect(await factsOf(siteAvailability)).toMatchObject([{ outcome: 'counted', part: 600, whole: 900 }])
    expect(await factsOf(validCertificates)).toMatchObject([
      { outcome: 'certificate_valid', source: 'website/1, local', provenance: 'measured', evidence_ids: [evidence_id] },
    ])
    const [section] = await factsOf(fullSection)
    expect(section).toMatchObject({ outcome: 'absent', detail: 'budget', provenance: 'measured' })
    expect(section?.evidence_ids).toHaveLength(1)
  })
})
