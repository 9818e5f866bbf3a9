import { sql, type Expression, type RawBuilder } from 'kysely'
import { SVEDEN_SUBSECTIONS, type Presence } from '../contract/index.ts'
import type { ReadExecutor } from '../db/executor.ts'
import { readWebsiteRules } from '../db/reference-files.ts'
import { bitsOf } from '../domain/section-cells.ts'
import type { EvaluationContext } from './indicator.ts'
import { askedSites, isKeptUsable, type SiteKey } from './recent-facts.ts'

/** An audit is made weekly; one older than this judges nothing any more. A person looks more seldom. */
const AUDIT_MAX_AGE_DAYS = 35
const HUMAN_CHECK_MAX_AGE_DAYS = 92
const DAY_MS = 86_400_000

/** An organisation of unknown kind owes what a school owes, as in the audit itself. */
const KIND_WHEN_UNKNOWN = 'school'

const { subsections: SUBSECTIONS } = readWebsiteRules()

/** An audit that began earlier judges nothing. */
function oldestAuditAt({ as_of }: EvaluationContext): Date {
  return new Date(as_of.getTime() - AUDIT_MAX_AGE_DAYS * DAY_MS)
}

/** Newest audit of each site asked about: one that was made goes before later ones that could not be. */
export function newestAudits(db: ReadExecutor, context: EvaluationContext, asked: string) {
  return db
    .selectFrom(askedSites(asked).as('asked'))
    .innerJoin('site_audit as audit', (join) =>
      join.onRef('audit.org_unit_id', '=', 'asked.org_unit_id').onRef('audit.target_id', '=', 'asked.target_id'),
    )
    .where('audit.audited_at', '>=', oldestAuditAt(context))
    .where('audit.audited_at', '<', context.as_of)
    .where('audit.change_set_no', '<=', context.known_at_change_set_no)
    .distinctOn(['audit.org_unit_id', 'audit.target_id'])
    .select(['audit.org_unit_id', 'audit.target_id', 'audit.audit_id', 'audit.audited_at', 'audit.outcome'])
    .orderBy('audit.org_unit_id')
    .orderBy('audit.target_id')
    .orderBy(sql`audit.outcome = 'audited'`, 'desc')
    .orderBy('audit.audited_at', 'desc')
    .orderBy('audit.audit_id', 'desc')
}

/** Newest check of each site asked about by those who may decide, and newest by those who may not. */
function newestHumanChecks(db: ReadExecutor, context: EvaluationContext, asked: string) {
  return db
    .selectFrom(askedSites(asked).as('asked'))
    .innerJoin('human_check as look', (join) =>
      join.onRef('look.org_unit_id', '=', 'asked.org_unit_id').onRef('look.target_id', '=', 'asked.target_id'),
    )
    .where(sql<boolean>`look.checked_on > ${context.day}::date - ${HUMAN_CHECK_MAX_AGE_DAYS}::int`)
    .where('look.checked_on', '<=', context.day)
    .where('look.change_set_no', '<=', context.known_at_change_set_no)
    .distinctOn(['look.org_unit_id', 'look.target_id', 'look.is_decisive'])
    .select(['look.org_unit_id', 'look.target_id', 'look.human_check_id', 'look.checked_on', 'look.is_decisive'])
    .orderBy('look.org_unit_id')
    .orderBy('look.target_id')
    .orderBy('look.is_decisive')
    .orderBy('look.checked_on', 'desc')
    .orderBy('look.change_set_no', 'desc')
    .orderBy('look.human_check_id')
}

/** Sites that a person looked at of late: few, and what is kept of audits does not say all of them. */
function lookedAt(db: ReadExecutor, context: EvaluationContext) {
  return db
    .selectFrom('human_check as look')
    .where(sql<boolean>`look.checked_on > ${context.day}::date - ${HUMAN_CHECK_MAX_AGE_DAYS}::int`)
    .where('look.change_set_no', '<=', context.known_at_change_set_no)
    .select(['look.org_unit_id', 'look.target_id'])
    .distinct()
}

/** Bits of subsections as SVEDEN_SUBSECTIONS places them; the outcome and time of the audit behind them. */
interface KnownSection extends SiteKey {
  present_bits: number | null
  missing_bits: number | null
  not_confirmed_bits: number | null
  audited_at: Date | null
  outcome: string | null
}

/**
 * What is kept of the newest audits of sites, where that is all that is known of them. Bits and time are those
 * of an audit that could be made; without one in time the bits are null and the time is that of the newest audit.
 */
export function keptSections(db: ReadExecutor, context: EvaluationContext) {
  const oldest = oldestAuditAt(context)
  const isMade = sql`section.made_at >= ${oldest}`
  const isInTime = sql`section.audited_at >= ${oldest}`
  return db
    .selectFrom('site_section as section')
    .leftJoin(lookedAt(db, context).as('looked'), (join) =>
      join.onRef('looked.org_unit_id', '=', 'section.org_unit_id').onRef('looked.target_id', '=', 'section.target_id'),
    )
    .where(isKeptUsable(context, { change_set_no: 'section.change_set_no', newest_at: 'section.audited_at' }))
    .where('looked.target_id', 'is', null)
    .select(['section.org_unit_id', 'section.target_id'])
    .select([
      sql<number | null>`case when ${isMade} then section.present_bits end`.as('present_bits'),
      sql<number | null>`case when ${isMade} then section.empty_bits | section.absent_bits end`.as('missing_bits'),
      sql<number | null>`case when ${isMade} then section.not_confirmed_bits end`.as('not_confirmed_bits'),
      sql<Date | null>`case when ${isMade} then section.made_at when ${isInTime} then section.audited_at end`.as(
        'audited_at',
      ),
      sql<string | null>`case when ${isMade} then 'audited' when ${isInTime} then section.outcome end`.as('outcome'),
    ])
}

/**
 * What is known of each subsection of the sites of a table, from its newest audit (`newest_audit` of the query) and its
 * newest human checks. The newer one speaks, but a word that confirms or denies goes before "not confirmed", and the
 * word of those who may decide no dispute counts only where neither an audit nor those who may has confirmed or denied.
 */
export function sectionJudgements(db: ReadExecutor, context: EvaluationContext, asked: string) {
  const columns = ['said.org_unit_id', 'said.target_id', 'said.subsection'] as const
  const audited = db
    .$extendTables<{ newest_audit: SiteKey & { audit_id: string; audited_at: Date; outcome: string } }>()
    .selectFrom('newest_audit as audit')
    .innerJoin('site_subsection as said', (join) =>
      join
        .onRef('said.org_unit_id', '=', 'audit.org_unit_id')
        .onRef('said.audited_at', '=', 'audit.audited_at')
        .onRef('said.audit_id', '=', 'audit.audit_id'),
    )
    .where('audit.outcome', '=', 'audited')
    .where('said.change_set_no', '<=', context.known_at_change_set_no)
    .select([...columns, 'said.presence', 'said.audit_id', 'said.audited_at', sql<boolean>`true`.as('is_decisive')])
  const looked = db
    .selectFrom(newestHumanChecks(db, context, asked).as('look'))
    .innerJoin('site_subsection as said', (join) =>
      join
        .onRef('said.org_unit_id', '=', 'look.org_unit_id')
        .onRef('said.audit_id', '=', 'look.human_check_id')
        .on(sql<boolean>`said.audited_at >= look.checked_on - interval '1 day'`)
        .on(sql<boolean>`said.audited_at < look.checked_on + interval '2 days'`),
    )
    .where('said.change_set_no', '<=', context.known_at_change_set_no)
    .where('said.audited_at', '<', context.as_of)
    .select([...columns, 'said.presence', 'said.audit_id', 'said.audited_at', 'look.is_decisive'])
  return db
    .selectFrom(audited.unionAll(looked).as('said'))
    .distinctOn([...columns])
    .select([...columns, sql<Presence>`said.presence`.as('presence'), 'said.audit_id', 'said.audited_at'])
    .orderBy('said.org_unit_id')
    .orderBy('said.target_id')
    .orderBy('said.subsection')
    .orderBy(sql`said.presence = 'not_confirmed'`)
    .orderBy('said.is_decisive', 'desc')
    .orderBy('said.audited_at', 'desc')
}

/**
 * The subsections of each row of `unkept` by what the facts say of them, as sets of bits; empty ones and nulls where
 * they say nothing.
 */
export function foundSections(db: ReadExecutor, context: EvaluationContext): Expression<KnownSection> {
  const bits = (condition: RawBuilder<unknown>) =>
    sql<number | null>`bit_or(${bitOfSubsection('judgement.subsection')}) filter (where ${condition})`
  const found = db
    .$extendTables<{
      unkept: SiteKey
      newest_audit: SiteKey & { audited_at: Date; outcome: string }
      judgement: SiteKey & { audited_at: Date }
    }>()
    .selectFrom('unkept')
    .leftJoin('judgement', (join) =>
      join
        .onRef('judgement.org_unit_id', '=', 'unkept.org_unit_id')
        .onRef('judgement.target_id', '=', 'unkept.target_id'),
    )
    .leftJoin('newest_audit as audit', (join) =>
      join.onRef('audit.org_unit_id', '=', 'unkept.org_unit_id').onRef('audit.target_id', '=', 'unkept.target_id'),
    )
    .groupBy(['unkept.org_unit_id', 'unkept.target_id'])
    .select(['unkept.org_unit_id', 'unkept.target_id'])
    .select([
      sql<number>`coalesce(${bits(sql`judgement.presence = 'present'`)}, 0)`.as('present_bits'),
      sql<number>`coalesce(${bits(sql`judgement.presence in ('absent', 'empty')`)}, 0)`.as('missing_bits'),
      sql<number>`coalesce(${bits(sql`judgement.presence = 'not_confirmed'`)}, 0)`.as('not_confirmed_bits'),
      sql<Date | null>`coalesce(max(judgement.audited_at), max(audit.audited_at))`.as('audited_at'),
      sql<string | null>`max(audit.outcome)`.as('outcome'),
    ])
  return sql<KnownSection>`(
    with newest_audit as (${newestAudits(db, context, 'unkept')}),
         judgement as (${sectionJudgements(db, context, 'unkept')})
    ${found})`
}

/** The subsections that each kind of organisation owes on a day: a sub-select of kinds, how many, and their bits. */
export function owedSubsections(day: string) {
  const owed = SUBSECTIONS.filter((row) => row.valid_from <= day && (row.valid_to === null || day < row.valid_to))
  const kinds = [...new Set(owed.flatMap((row) => row.applies_to))]
  const sets = kinds.map((kind) => owed.filter((row) => row.applies_to.includes(kind)).map((row) => row.subsection))
  return sql<{
    org_kind: string
    owed_bits: number
  }>`(select * from unnest(${kinds}::text[], ${sets.map(bitsOf)}::int[]) as owed (org_kind, owed_bits))`
}

/** The bit of a subsection by its word, 0 for one that the closed list does not know. */
export function bitOfSubsection(subsection: string) {
  return sql<number>`coalesce(1 << array_position(${[...SVEDEN_SUBSECTIONS]}::text[], ${sql.ref(subsection)}) - 1, 0)`
}

export const ORG_KIND_THAT_OWES = sql<string>`coalesce(site.org_kind, ${sql.lit(KIND_WHEN_UNKNOWN)})`
