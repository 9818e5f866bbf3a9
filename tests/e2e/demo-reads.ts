import { inject } from 'vitest'

export const demoUrl = inject('demoUrl')

/** What the demo's API answers at a path, the same that its pages show. */
export async function readApi<Answer>(path: string): Promise<Answer> {
  const answer = await fetch(`${demoUrl}/api/v1${path}`)
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
  return (await answer.json()) as Answer
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
