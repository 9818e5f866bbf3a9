import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChangeSetNoAt } from '../../../server/src/db/change-set.ts'
import { evaluate } from '../../../server/src/indicators/evaluate.ts'
import { readLineage } from '../../../server/src/indicators/lineage.ts'
import { INDICATORS } from '../../../server/src/indicators/list.ts'
import { workingSites } from '../../../server/src/indicators/working-sites.ts'
import { evaluateAt, place } from '../../factories/evaluation.ts'
import {
  inChange,
  insertSite,
  insertStatus,
  insertUnit,
  insertVersion,
  voidSource,
  type MadeUnit,
} from '../../factories/registry.ts'
import { insertAudit, insertCheck, insertHour, insertVerdict, type MadeSite } from '../../factories/site-facts.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'

let database: TestDatabase
let region: MadeUnit
beforeAll(async () => {
  database = await createTestDatabase()
  region = await inChange(database.db, (change) => insertUnit(change, { kind: 'region', name: 'Область' }))
})
afterAll(() => database.drop())

async function makeSchool(founder_kind = 'municipal'): Promise<{ municipality: MadeUnit; site: MadeSite }> {
  return inChange(database.db, async (change) => {
    const municipality = await insertUnit(change, { kind: 'municipality', name: 'Район', parent: region })
    const fields = { kind: 'organisation', name: 'Школа', parent: municipality, founder_kind } as const
    const unit = await insertUnit(change, fields)
    return { municipality, site: { unit, target_id: await insertSite(change, unit) } }
  })
}

/** Waits until now is past a change set, so that it can be asked of. */
async function knownNow(): Promise<string> {
  const { recorded_at } = await inChange(database.db, (change) => Promise.resolve(change))
  await expect.poll(() => Date.now() > recorded_at.getTime() + 1).toBe(true)
  return new Date(recorded_at.getTime()).toISOString()
}

describe('as known on a moment', () => {
  it('a later change set does not change an answer given before', async () => {
    const { municipality, site } = await makeSchool()
    const asked = { territory_id: municipality.org_unit_id, period: '2026-09' }
    await inChange(database.db, (change) =>
      insertVerdict(change, site, { at: '2026-09-29T10:00:00Z', verdict: 'works' }),
    )
    const known_at = await knownNow()
    const before = await evaluateAt(database.db, workingSites, { ...asked, known_at })
    await inChange(database.db, async (change) => {
      await insertVerdict(change, site, { at: '2026-09-29T12:00:00Z', verdict: 'does_not_work', round_no: 2 })
      await insertStatus(change, site.unit, { status: 'holidays', valid_from: '2026-09-01' })
    })
    expect(await evaluateAt(database.db, workingSites, { ...asked, known_at })).toEqual(before)
    expect(before.total.value).toBe(1)
    const after = await evaluateAt(database.db, workingSites, asked)
    expect(after.total.excluded).toEqual([{ reason: 'holidays', units: 1 }])
  })

  it('undoing a source brings the former figure back, and the undo has its own moment', async () => {
    const { municipality, site } = await makeSchool()
    const asked = { territory_id: municipality.org_unit_id, period: '2026-09' }
    await inChange(database.db, (change) =>
      insertVerdict(change, site, { at: '2026-09-29T10:00:00Z', verdict: 'works' }),
    )
    const source_id = await inChange(database.db, async (change) => {
      await insertStatus(change, site.unit, { status: 'capital_repair', valid_from: '2026-09-01' })
      return change.source_id
    })
    const known_at = await knownNow()
    await voidSource(database.db, source_id)
    expect((await evaluateAt(database.db, workingSites, asked)).total).toMatchObject({ value: 1, expected: 1 })
    const then = await evaluateAt(database.db, workingSites, { ...asked, known_at })
    expect(then.total).toMatchObject({ value: null, expected: 0, excluded: [{ reason: 'capital_repair', units: 1 }] })
  })
})

describe('structure of the period', () => {
  it('counts a school where it stood on the last day of the period', async () => {
    const { municipality: former, site } = await makeSchool()
    const city = await inChange(database.db, async (change) => {
      const made = await insertUnit(change, { kind: 'municipality', name: 'Город', parent: region })
      const path = [...made.path, site.unit.org_unit_id]
      const moved = { org_unit_id: site.unit.org_unit_id, path, municipality_id: made.org_unit_id }
      await insertVersion(change, { unit: moved, parent: made, name: 'Школа', valid_from: '2026-09-01' })
      await insertVersion(change, {
        unit: former,
        parent: region,
        name: 'Район',
        valid_from: '2026-09-01',
        is_closed: true,
      })
      await insertVerdict(change, site, { at: '2026-08-31T10:00:00Z', verdict: 'works' })
      await insertVerdict(change, site, { at: '2026-09-30T10:00:00Z', verdict: 'works', round_no: 2 })
      return made
    })
    const placesOf = async (period: string) => {
      const { rows } = await evaluateAt(database.db, workingSites, { territory_id: region.org_unit_id, period })
      return rows.filter((row) => row.figure.numerator === 1).map((row) => row.org_unit_id)
    }
    expect(await placesOf('2026-08')).toContain(former.org_unit_id)
    expect(await placesOf('2026-08')).not.toContain(city.org_unit_id)
    expect(await placesOf('2026-09')).toContain(city.org_unit_id)
    expect(await placesOf('2026-09')).not.toContain(former.org_unit_id)
  })
})

describe('denominators', () => {
  it('hold one kind of founder or all', async () => {
    const { municipality, site } = await makeSchool('regional')
    const asked = { territory_id: municipality.org_unit_id, period: '2026-09' }
    await inChange(database.db, (change) =>
      insertVerdict(change, site, { at: '2026-09-29T10:00:00Z', verdict: 'works' }),
    )
    const ofFounder = async (founder_kind?: 'municipal' | 'regional') =>
      (await evaluateAt(database.db, workingSites, { ...asked, founder_kind })).total.denominator
    expect([await ofFounder(), await ofFounder('regional'), await ofFounder('municipal')]).toEqual([1, 1, null])
  })

  it('hold a branch with a site of its own, and not one without', async () => {
    const { municipality, site } = await makeSchool()
    await inChange(database.db, async (change) => {
      const branch = await insertUnit(change, { kind: 'branch', name: 'Филиал с сайтом', parent: site.unit })
      await insertUnit(change, { kind: 'branch', name: 'Филиал без сайта', parent: site.unit })
      const target_id = await insertSite(change, branch)
      await insertVerdict(change, { unit: branch, target_id }, { at: '2026-09-29T10:00:00Z', verdict: 'works' })
      await insertVerdict(change, site, { at: '2026-09-29T10:00:00Z', verdict: 'does_not_work' })
    })
    const { total } = await evaluateAt(database.db, workingSites, {
      territory_id: municipality.org_unit_id,
      period: '2026-09',
    })
    expect(total).toMatchObject({ numerator: 1, denominator: 2, expected: 2, excluded: [] })
  })
})

describe('lineage', () => {
  const school = fc.record({
    verdict: fc.constantFrom('works', 'does_not_work', 'cannot_tell', 'blocks_robots', null),
    repaired: fc.boolean(),
    up_s: fc.integer({ min: 0, max: 600 }),
    certificate_valid: fc.constantFrom(true, false, undefined),
    budget: fc.constantFrom('present', 'absent', 'not_confirmed', undefined),
  })

  it('adds up to the figure for every indicator, whatever was observed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(school, { maxLength: 8 }), async (schools) => {
        const municipality = await inChange(database.db, async (change) => {
          const made = await insertUnit(change, { kind: 'municipality', name: 'Район', parent: region })
          for (const { verdict, repaired, up_s, certificate_valid, budget } of schools) {
            const unit = await insertUnit(change, { kind: 'organisation', name: 'Школа', parent: made })
            const site = { unit, target_id: await insertSite(change, unit) }
            const at = '2026-09-29T10:00:00Z'
            if (verdict !== null) await insertVerdict(change, site, { at, verdict })
            if (repaired) await insertStatus(change, unit, { status: 'capital_repair', valid_from: '2026-09-01' })
            await insertHour(change, site, { day: '2026-09-29', hour: 10, observed_s: 600, up_s })
            const certificate = certificate_valid === undefined ? {} : { certificate_valid }
            await insertCheck(change, site, { at, ...certificate })
            if (budget !== undefined) await insertAudit(change, site, { at, presence: { budget } })
          }
          return made
        })
        for (const indicator of INDICATORS) {
          const asked = { territory_id: municipality.org_unit_id, period: '2026-09' }
          const { context } = await place(database.db, indicator, asked)
          const { total, rows } = await evaluate(database.db, indicator, context)
          const page = { limit: 100, offset: 0 }
          const { total: whole, parts, rows: units } = await readLineage(database.db, indicator, context, page)
          expect(whole).toEqual(total)
          const counted = units.filter((unit) => unit.part !== 'excluded')
          const sum = (values: (number | null)[]) => values.reduce<number>((all, value) => all + (value ?? 0), 0)
          for (const field of ['numerator', 'denominator'] as const) {
            expect(sum(counted.map((unit) => unit[field]))).toBe(total[field] ?? 0)
            expect(sum(parts.map((part) => part[field]))).toBe(total[field] ?? 0)
            expect(sum(rows.map((row) => row.figure[field]))).toBe(total[field] ?? 0)
          }
          expect(units).toHaveLength(schools.length)
          expect(units.every((unit) => (unit.excluded_reason === null) === (unit.denominator !== null))).toBe(true)
          expect(sum(total.excluded.map((entry) => entry.units)) + counted.length).toBe(schools.length)
        }
      }),
      { numRuns: 12 },
    )
  })
})

describe('findChangeSetNoAt', () => {
  it('is the boundary that figures use', async () => {
    const known_at = await knownNow()
    const { context } = await place(database.db, workingSites, { period: '2026-09', known_at })
    expect(context.known_at_change_set_no).toBe(await findChangeSetNoAt(database.db, new Date(known_at)))
  })
})
