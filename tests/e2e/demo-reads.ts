import { inject } from 'vitest'
import { SESSION_COOKIE } from '../../server/src/plugins/own-cookies.ts'
import { headersOf } from '../factories/people.ts'

export const demoUrl = inject('demoUrl')
const headers = { cookie: `${SESSION_COOKIE}=${inject('demoSession')}` }

/** What the demo's API answers at a path, the same that its pages show. */
export async function readApi<Answer>(path: string): Promise<Answer> {
  const answer = await fetch(`${demoUrl}/api/v1${path}`, { headers })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
  return (await answer.json()) as Answer
}

/** Sends a command as one of our own pages does. @returns the answer's body; undefined for none */
export async function commandApi<Answer = unknown>(
  session: string,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
): Promise<Answer> {
  const answer = await fetch(`${demoUrl}/api/v1${path}`, {
    method,
    headers: {
      ...headersOf(session),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
  return (answer.status === 204 ? undefined : await answer.json()) as Answer
}

interface AuditedSite {
  audit: { subsections: { title: string; findings: { grade: string; evidence_id: string | null }[] }[] } | null
}

/** The card of an organisation whose site was audited, and a subsection of it that has a violation with evidence. */
export async function findFaultySchool(): Promise<{ path: string; subsection: string }> {
  const matrix = await readApi<{ rows: { org_unit_id: number; outcome: string | null }[] }>('/sites/rule-matrix')
  for (const row of matrix.rows.filter((one) => one.outcome === 'audited')) {
    const { sites } = await readApi<{ sites: AuditedSite[] }>(`/org-units/${row.org_unit_id}/sites`)
    const faulty = sites
      .flatMap((site) => site.audit?.subsections ?? [])
      .find((one) => one.findings.some((found) => found.grade === 'violation' && found.evidence_id !== null))
    if (faulty !== undefined) return { path: `/schools/${row.org_unit_id}`, subsection: faulty.title }
  }
  throw new Error('The demo has no audited site with a violation')
}

/** The place, in the list of sites that an indicator does not count, of one whose newest facts kept evidence. */
export async function findProvenPlace(indicator: string): Promise<number> {
  const path = `/indicators/${indicator}`
  const part = await readApi<{ rows: { org_unit_id: number }[] }>(`${path}/lineage?part=denominator_only&limit=25`)
  for (const [place, unit] of part.rows.entries()) {
    const facts = await readApi<{ rows: { evidence_ids: string[] }[] }>(`${path}/facts?org_unit_id=${unit.org_unit_id}`)
    if (facts.rows.slice(0, 20).some((fact) => fact.evidence_ids.length > 0)) return place
  }
  throw new Error(`The demo has kept no evidence of what ${indicator} does not count`)
}
