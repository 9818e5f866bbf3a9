import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Lease, SiteAudit, SiteCause, SiteCheck } from '../../server/src/contract/index.ts'
import { SITE_CAUSES } from '../../server/src/contract/index.ts'
import { openChangeSet } from '../../server/src/db/change-set.ts'
import type { DB } from '../../server/src/db/schema.gen.ts'
import { scheduleTargets } from '../../server/src/jobs/schedule.ts'

export interface MadeSite {
  org_unit_id: number
  municipality_id: number
  target_id: string
  kind: 'site'
}

/** A region with one municipality and `count` schools that have a site each, with their work due at once. */
export async function insertSchoolSites(db: Kysely<DB>, count: number, vantages = ['local']): Promise<MadeSite[]> {
  return db.transaction().execute(async (tx) => {
    const { change_set_no } = await openChangeSet(tx, { kind: 'edit', actor: 'test', summary: 'schools' })
    const source = { source_kind: 'person', source_id: 'test', change_set_no }
    const insertUnit = async (kind: string, path: number[], name: string): Promise<number> => {
      const [region_id = 0, municipality_id = null] = path
      const unit = await tx
        .insertInto('org_unit')
        .values({ kind, region_id, municipality_id, path, created_change_set_no: change_set_no })
        .returning('org_unit_id')
        .executeTakeFirstOrThrow()
      const own = [...path, unit.org_unit_id]
      const described = { full_name: name, short_name: name, is_closed: false, valid_from: '2020-01-01' }
      await tx
        .insertInto('org_unit_version')
        .values({
          ...source,
          ...described,
          org_unit_id: unit.org_unit_id,
          parent_id: path.at(-1) ?? null,
          region_id: own[0] ?? unit.org_unit_id,
          municipality_id: own[1] ?? null,
          path: own,
          org_kind: kind === 'organisation' ? 'school' : null,
        })
        .execute()
      return unit.org_unit_id
    }
    const region = await insertUnit('region', [], 'Область')
    const municipality_id = await insertUnit('municipality', [region], 'Энгельсский район')
    const sites: MadeSite[] = []
    for (let number = 1; number <= count; number += 1) {
      const org_unit_id = await insertUnit('organisation', [region, municipality_id], `Школа № ${number}`)
      const target_id = randomUUID()
      const host = `school-${number}.example`
      await tx
        .insertInto('target')
        .values({
          ...source,
          org_unit_id,
          target_id,
          kind: 'site',
          url: `https://${host}/`,
          host,
          valid_from: '2020-01-01',
        })
        .execute()
      sites.push({ org_unit_id, municipality_id, target_id, kind: 'site' })
    }
    await scheduleTargets(tx, sites, { vantages })
    return sites
  })
}

/** A probe's result under a lease: it works, unless a cause is given. */
export function makeCheck(lease: Lease, cause: SiteCause | null = null, own: Partial<SiteCheck> = {}): SiteCheck {
  if (lease.org_unit_id === null || lease.target_id === null) throw new Error('A lease without a target')
  return {
    kind: 'site_check',
    id: randomUUID(),
    lease_id: lease.lease_id,
    org_unit_id: lease.org_unit_id,
    target_id: lease.target_id,
    attempt: lease.attempt,
    started_at: new Date().toISOString(),
    url: lease.url ?? 'https://school.example/',
    verdict: cause === null ? 'works' : SITE_CAUSES[cause].verdict,
    cause,
    timings: { resolve_ms: 1, connect_ms: 2, tls_ms: 3, first_byte_ms: 4, total_ms: 12 },
    redirects: [],
    final_url: lease.url,
    remote_address: '203.0.113.7',
    http_status: cause === null ? 200 : null,
    http_version: '1.1',
    body_bytes: 100,
    body_sha256: null,
    charset: 'utf-8',
    charset_source: 'header',
    title: 'Школа',
    platform: 'own',
    certificate: null,
    tls_resumed: null,
    own_link: 'up',
    evidence: null,
    ...own,
  }
}

export function makeAudit(lease: Lease, own: Partial<SiteAudit> = {}): SiteAudit {
  if (lease.org_unit_id === null || lease.target_id === null) throw new Error('A lease without a target')
  return {
    kind: 'site_audit',
    id: randomUUID(),
    lease_id: lease.lease_id,
    org_unit_id: lease.org_unit_id,
    target_id: lease.target_id,
    attempt: lease.attempt,
    started_at: new Date().toISOString(),
    url: lease.url ?? 'https://school.example/',
    outcome: 'audited',
    cause: null,
    rule_set: '2026-03-01',
    platform: 'own',
    section_url: 'https://school.example/sveden/',
    duration_ms: 1200,
    subsections: [],
    pages: [],
    ...own,
  }
}
