import { sql } from 'kysely'
import type { Presence } from '../contract/index.ts'
import type { ReadExecutor } from '../db/executor.ts'
import { readWebsiteRules } from '../db/reference-files.ts'
import type { EvaluationContext } from './indicator.ts'
import type { SiteQuery, SiteTables } from './site-units.ts'

/** An audit is made weekly; one older than this judges nothing any more. A person looks more seldom. */
const AUDIT_MAX_AGE_DAYS = 35
const HUMAN_CHECK_MAX_AGE_DAYS = 92
const DAY_MS = 86_400_000

/** An organisation of unknown kind owes what a school owes, as in the audit itself. */
const KIND_WHEN_UNKNOWN = 'school'

const { subsections: SUBSECTIONS } = readWebsiteRules()

/** Newest audit of each site: one that was made goes before later ones that could not be. */
function newestAudits(db: ReadExecutor, context: EvaluationContext) {
  return db
    .$extendTables<SiteTables>()
    .selectFrom('site')
    .innerJoin('site_audit as audit', (join) =>
      join.onRef('audit.org_unit_id', '=', 'site.org_unit_id').onRef('audit.target_id', '=', 'site.target_id'),
    )
    .where('audit.audited_at', '>=', new Date(context.as_of.getTime() - AUDIT_MAX_AGE_DAYS * DAY_MS))
    .where('audit.audited_at', '<', context.as_of)
    .where('audit.change_set_no', '<=', context.known_at_change_set_no)
    .distinctOn(['audit.org_unit_id', 'audit.target_id'])
    .select(['audit.org_unit_id', 'audit.target_id', 'audit.audit_id', 'audit.audited_at', 'audit.outcome'])
    .orderBy('audit.org_unit_id')
    .orderBy('audit.target_id')
    .orderBy(sql`audit.outcome = 'audited'`, 'desc')
    .orderBy('audit.audited_at', 'desc')
    .orderBy('audit.audit_id')
}

function newestHumanChecks(db: ReadExecutor, context: EvaluationContext) {
  return db
    .$extendTables<SiteTables>()
    .selectFrom('site')
    .innerJoin('human_check as look', (join) =>
      join.onRef('look.org_unit_id', '=', 'site.org_unit_id').onRef('look.target_id', '=', 'site.target_id'),
    )
    .where(sql<boolean>`look.checked_on > ${context.day}::date - ${HUMAN_CHECK_MAX_AGE_DAYS}::int`)
    .where('look.checked_on', '<=', context.day)
    .where('look.change_set_no', '<=', context.known_at_change_set_no)
    .distinctOn(['look.org_unit_id', 'look.target_id'])
    .select(['look.org_unit_id', 'look.target_id', 'look.human_check_id', 'look.checked_on'])
    .orderBy('look.org_unit_id')
    .orderBy('look.target_id')
    .orderBy('look.checked_on', 'desc')
    .orderBy('look.change_set_no', 'desc')
    .orderBy('look.human_check_id')
}

/**
 * Adds `judgement`: what is known of each subsection of each site, from its newest audit and its newest human check.
 * Of the two the newer one speaks, but a word that confirms or denies goes before "not confirmed".
 */
export function withSectionJudgements(db: ReadExecutor, query: SiteQuery, context: EvaluationContext) {
  return query
    .with('newest_audit', () => newestAudits(db, context))
    .with('newest_look', () => newestHumanChecks(db, context))
    .with('judgement', (inner) => {
      const columns = ['said.org_unit_id', 'said.target_id', 'said.subsection'] as const
      const audited = inner
        .selectFrom('newest_audit as audit')
        .innerJoin('site_subsection as said', (join) =>
          join
            .onRef('said.org_unit_id', '=', 'audit.org_unit_id')
            .onRef('said.audited_at', '=', 'audit.audited_at')
            .onRef('said.audit_id', '=', 'audit.audit_id'),
        )
        .where('said.change_set_no', '<=', context.known_at_change_set_no)
        .select([...columns, 'said.presence', 'said.audit_id', 'said.audited_at'])
      const looked = inner
        .selectFrom('newest_look as look')
        .innerJoin('site_subsection as said', (join) =>
          join
            .onRef('said.org_unit_id', '=', 'look.org_unit_id')
            .onRef('said.audit_id', '=', 'look.human_check_id')
            .on(sql<boolean>`said.audited_at >= look.checked_on - interval '1 day'`)
            .on(sql<boolean>`said.audited_at < look.checked_on + interval '2 days'`),
        )
        .where('said.change_set_no', '<=', context.known_at_change_set_no)
        .where('said.audited_at', '<', context.as_of)
        .select([...columns, 'said.presence', 'said.audit_id', 'said.audited_at'])
      return inner
        .selectFrom(audited.unionAll(looked).as('said'))
        .distinctOn([...columns])
        .select([...columns, sql<Presence>`said.presence`.as('presence'), 'said.audit_id', 'said.audited_at'])
        .orderBy('said.org_unit_id')
        .orderBy('said.target_id')
        .orderBy('said.subsection')
        .orderBy(sql`said.presence = 'not_confirmed'`)
        .orderBy('said.audited_at', 'desc')
    })
}

/** Pairs of organisation kind and subsection that are owed on a day, as a sub-select. */
export function owedSubsections(day: string) {
  const owed = SUBSECTIONS.filter((row) => row.valid_from <= day && (row.valid_to === null || day < row.valid_to))
  const pairs = owed.flatMap((row) => row.applies_to.map((kind) => ({ kind, subsection: row.subsection })))
  return sql<{
    org_kind: string
    subsection: string
  }>`(select * from unnest(${pairs.map((pair) => pair.kind)}::text[], ${pairs.map((pair) => pair.subsection)}::text[]) as pair (org_kind, subsection))`
}

export const ORG_KIND_THAT_OWES = sql<string>`coalesce(site.org_kind, ${sql.lit(KIND_WHEN_UNKNOWN)})`
