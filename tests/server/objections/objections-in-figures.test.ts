import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fullSection } from '../../../server/src/indicators/full-section.ts'
import type { Indicator } from '../../../server/src/indicators/indicator.ts'
import { siteAvailability } from '../../../server/src/indicators/site-availability.ts'
import { validCertificates } from '../../../server/src/indicators/valid-certificates.ts'
import { workingSites } from '../../../server/src/indicators/working-sites.ts'
import { evaluateAt } from '../../factories/evaluation.ts'
import { createObjectionClient } from '../../factories/objection-client.ts'
import { createObjectionScene, type ObjectionScene } from '../../factories/objection-scene.ts'
import { insertObjection } from '../../factories/objections.ts'
import { inChange } from '../../factories/registry.ts'
import { insertAudit, insertCheck, insertHour, insertVerdict } from '../../factories/site-facts.ts'

const THIRTEEN = Object.fromEntries(
  'common struct document education managers employees objects grants paid_edu budget vacant inter catering'
    .split(' ')
    .map((subsection) => [subsection, 'present' as const]),
)
const FULL = { ...THIRTEEN, eduStandarts: 'present' as const }
const DAYS = { valid_from: '2026-09-28', valid_to: '2026-09-30' }

let scene: ObjectionScene
beforeAll(async () => {
  scene = await createObjectionScene()
  await inChange(scene.db, async (change) => {
    for (const site of [scene.school, scene.sister]) {
      await insertVerdict(change, site, { at: '2026-09-30T10:00:00Z', verdict: 'does_not_work', cause: 'dns_timeout' })
      await insertVerdict(change, site, { at: '2026-10-31T10:00:00Z', verdict: 'does_not_work', round_no: 2 })
      await insertCheck(change, site, { at: '2026-09-30T10:00:00Z', certificate_valid: false, tls_ms: 5 })
      for (const day of ['2026-09-25', '2026-09-28']) {
        await insertHour(change, site, { day, hour: 10, observed_s: 3600, up_s: day === '2026-09-25' ? 3600 : 0 })
      }
    }
    const presence = { ...FULL, budget: 'absent' as const }
    await insertAudit(change, scene.school, { at: '2026-09-29T10:00:00Z', presence })
    await insertAudit(change, scene.sister, { at: '2026-09-29T10:00:00Z', presence: { ...presence, inter: 'empty' } })
  })
})
afterAll(() => scene.close())

async function totalOf(indicator: Indicator, own: { period?: string; known_at?: string } = {}) {
  const territory_id = scene.municipality.org_unit_id
  const { total } = await evaluateAt(scene.db, indicator, { territory_id, period: '2026-09', ...own })
  const { numerator, denominator, expected, reported } = total
  return { numerator, denominator, expected, reported, excluded: total.excluded }
}

describe('what a granted objection takes out of the figures', () => {
  it('is the site by verdict on its days, with the reason, and not before it was decided nor after it ends', async () => {
    const before = await totalOf(workingSites)
    expect(before).toMatchObject({ numerator: 0, denominator: 2, excluded: [] })
    await insertObjection(scene.db, scene.school, { kind: 'dispute', finding: 'availability' })
    expect(await totalOf(workingSites)).toEqual(before)
    const moment = new Date().toISOString()
    await insertObjection(scene.db, scene.school, { kind: 'dispute', finding: 'availability', ...DAYS })
    const after = { numerator: 0, denominator: 1, expected: 2, reported: 2 }
    expect(await totalOf(workingSites)).toEqual({ ...after, excluded: [{ reason: 'disputed', units: 1 }] })
    expect(await totalOf(workingSites, { known_at: moment })).toEqual(before)
    expect(await totalOf(workingSites, { period: '2026-10' })).toMatchObject({ denominator: 2, excluded: [] })
    expect(await totalOf(validCertificates)).toMatchObject({ denominator: 2, excluded: [] })
  })

  it('is the time of its days alone in a sum over a period, once also for two objections', async () => {
    const seconds = { numerator: 7200, denominator: 3 * 3600 }
    expect(await totalOf(siteAvailability)).toMatchObject({ ...seconds, excluded: [] })
    await insertObjection(scene.db, scene.school, { kind: 'mute', finding: 'availability', ...DAYS })
    expect(await totalOf(siteAvailability)).toMatchObject({ ...seconds, excluded: [] })
    const all = { valid_from: '2026-09-01', valid_to: '2026-09-29' }
    await insertObjection(scene.db, scene.school, { kind: 'mute', finding: 'availability', ...all })
    expect(await totalOf(siteAvailability)).toMatchObject({
      ...{ numerator: 3600, denominator: 7200 },
      excluded: [{ reason: 'disputed', units: 1 }],
    })
  })

  it('is a muted certificate, which nobody expects any more', async () => {
    await insertObjection(scene.db, scene.school, { kind: 'mute', finding: 'certificate', ...DAYS })
    expect(await totalOf(validCertificates)).toEqual({
      ...{ numerator: 0, denominator: 1, expected: 1, reported: 1 },
      excluded: [{ reason: 'muted', units: 1 }],
    })
  })

  it('is one subsection: a site with another one missing counts on', async () => {
    const budget = { kind: 'dispute', finding: 'subsection', subsection: 'budget', ...DAYS } as const
    await insertObjection(scene.db, scene.school, budget)
    await insertObjection(scene.db, scene.sister, budget)
    expect(await totalOf(fullSection)).toMatchObject({
      ...{ numerator: 0, denominator: 1 },
      excluded: [{ reason: 'disputed', units: 1 }],
    })
  })
})

describe('GET /indicators/{code}/lineage', () => {
  it('links the objection behind an exclusion, and marks what is disputed and counts as before', async () => {
    const client = createObjectionClient(scene)
    await insertObjection(scene.db, scene.sister, { kind: 'dispute', finding: 'availability' })
    const query = `territory_id=${scene.municipality.org_unit_id}&period=2026-09`
    const { body } = await client.send(scene.people.specialist, 'GET', `indicators/working_sites/lineage?${query}`)
    const rows = body['rows'] as { org_unit_id: number; part: string; objection: { kind: string; state: string } }[]
    const rowOf = (site: typeof scene.school) => rows.find((row) => row.org_unit_id === site.unit.org_unit_id)
    expect(rowOf(scene.school)).toMatchObject({
      ...{ part: 'excluded', excluded_reason: 'disputed' },
      objection: { kind: 'dispute', state: 'granted' },
    })
    expect(rowOf(scene.sister)).toMatchObject({
      part: 'denominator_only',
      objection: { kind: 'dispute', state: 'open' },
    })
  })
})

describe('GET /objections as known on', () => {
  it('shows no decision before it was made', async () => {
    const client = createObjectionClient(scene)
    const opened = await insertObjection(scene.db, scene.stranger, { kind: 'dispute', finding: 'availability' })
    const moment = new Date().toISOString()
    const key = { org_unit_id: scene.stranger.unit.org_unit_id, objection_id: opened }
    await client.decide(scene.people.institute, scene.stranger, opened)
    const query = `org_unit_id=${key.org_unit_id}`
    const [now] = await client.list(scene.people.institute, query)
    const [then] = await client.list(scene.people.institute, `${query}&known_at=${moment}`)
    expect([now?.state, then?.state]).toEqual(['rejected', 'open'])
  })
})
