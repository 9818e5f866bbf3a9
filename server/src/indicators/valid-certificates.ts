import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import type { Exclusion } from './exclusions.ts'
import { FACTS_LIMIT, type EvaluationContext, type SiteIndicator } from './indicator.ts'
import { askedSites, isKeptUsable, newestFacts, sitesNotIn, stateWindow, type TimeWindow } from './recent-facts.ts'
import { findCertificateFacts } from './site-facts.ts'

/** Newest probe within a stretch of time that saw a certificate or an answer by http, of each site asked about. */
function newestSeen(db: ReadExecutor, context: EvaluationContext, asked: string, window: TimeWindow) {
  return probesOf(db, context, asked, window)
    .where((eb) =>
      eb.or([
        eb('probe.certificate_valid', 'is not', null),
        eb.and([eb('probe.http_status', 'is not', null), eb('probe.tls_ms', 'is', null)]),
      ]),
    )
    .distinctOn(['probe.org_unit_id', 'probe.target_id'])
    .select(['probe.org_unit_id', 'probe.target_id'])
    .select([sql<Date | null>`probe.checked_at`.as('seen_at'), 'probe.certificate_valid', 'probe.cause'])
    .orderBy('probe.org_unit_id')
    .orderBy('probe.target_id')
    .orderBy('probe.checked_at', 'desc')
    .orderBy('probe.check_id', 'desc')
}

function probesOf(db: ReadExecutor, context: EvaluationContext, asked: string, { from, to }: TimeWindow) {
  return db
    .selectFrom(askedSites(asked).as('asked'))
    .innerJoin('site_check as probe', (join) =>
      join.onRef('probe.org_unit_id', '=', 'asked.org_unit_id').onRef('probe.target_id', '=', 'asked.target_id'),
    )
    .where('probe.checked_at', '>=', from)
    .where('probe.checked_at', '<', to)
    .where('probe.change_set_no', '<=', context.known_at_change_set_no)
}

/** What is kept of the probe that saw something, and of the newest one at all; null where it is too old. */
function keptSeen(db: ReadExecutor, context: EvaluationContext) {
  const { from } = stateWindow(context)
  const isSeenInTime = sql`state.seen_at >= ${from}`
  return db
    .selectFrom('site_state as state')
    .where(isKeptUsable(context, { change_set_no: 'state.change_set_no', newest_at: 'state.newest_probe_at' }))
    .select(['state.org_unit_id', 'state.target_id'])
    .select([
      sql<Date | null>`case when ${isSeenInTime} then state.seen_at end`.as('seen_at'),
      sql<boolean | null>`case when ${isSeenInTime} then state.seen_certificate_valid end`.as('certificate_valid'),
      sql<string | null>`case when ${isSeenInTime} then state.seen_cause end`.as('cause'),
      sql<Date | null>`case when state.newest_probe_at >= ${from} then state.newest_probe_at end`.as('probed_at'),
    ])
}

const SEEN_AT = sql<Date | null>`coalesce(kept.seen_at, found.seen_at)`
const PROBED_AT = sql<Date | null>`coalesce(kept.probed_at, probed.checked_at)`

/**
 * Share of sites with a good certificate. A site that answers by http alone has none, so it counts against the share:
 * browsers call it unsafe. A root that only the missing national store could judge is "cannot tell", no fault.
 */
export const validCertificates: SiteIndicator = {
  code: 'valid_certificates',
  texts: {
    ru: {
      title: 'Доля официальных сайтов с действующим сертификатом безопасности',
      short: 'Действующий сертификат',
      formula: 'сайты с действующим сертификатом / сайты, ответившие по https или http × 100 %',
      numerator:
        'Сайты, у которых сертификат не просрочен, выдан на это имя и цепочка доверена (в том числе по национальному корню)',
      denominator: 'Сайты, показавшие сертификат или ответившие только по http (без шифрования)',
      excluded:
        'Организации без своего сайта; ремонт, каникулы, приостановка; сайты, до которых не удалось дойти за 7 суток; сертификат национального корня, если его хранилище не подключено; исключённые по решению об обращении',
    },
    en: {
      title: 'Share of official websites with a valid certificate',
      short: 'Valid certificate',
      formula: 'sites with a valid certificate / sites that answered by https or http × 100 %',
      numerator:
        'Sites whose certificate is in time, issued to that name, with a trusted chain (the national root included)',
      denominator: 'Sites that showed a certificate or answered by http alone (without encryption)',
      excluded:
        'Organisations without a site; repair, holidays, suspension; sites that could not be reached for 7 days; a certificate under the national root when its store is not given; those set aside by a decided objection',
    },
  },
  unit: 'ratio',
  decimals: 1,
  direction: 'more_is_better',
  accumulation: 'state_at',
  period_kind: 'month',
  counting_unit: 'site',
  finding: 'certificate',
  counted_in: 'sites',
  coverage_floor: 0.5,
  legal_source: null,
  methodology_version: 1,
  judge(db, context, sites) {
    const kept = keptSeen(db, context)
    return sites
      .with('unkept', () => sitesNotIn(db, 'site', kept))
      .with('found', () => newestFacts(db, context, (asked, window) => newestSeen(db, context, asked, window)))
      .with('unseen', () => sitesNotIn(db, 'unkept', askedSites('found')))
      .with('probed', () =>
        probesOf(db, context, 'unseen', stateWindow(context))
          .groupBy(['probe.org_unit_id', 'probe.target_id'])
          .select((eb) => ['probe.org_unit_id', 'probe.target_id', eb.fn.max('probe.checked_at').as('checked_at')]),
      )
      .selectFrom('site')
      .leftJoin(kept.as('kept'), (join) =>
        join.onRef('kept.org_unit_id', '=', 'site.org_unit_id').onRef('kept.target_id', '=', 'site.target_id'),
      )
      .leftJoin('found', (join) =>
        join.onRef('found.org_unit_id', '=', 'site.org_unit_id').onRef('found.target_id', '=', 'site.target_id'),
      )
      .leftJoin('probed', (join) =>
        join.onRef('probed.org_unit_id', '=', 'site.org_unit_id').onRef('probed.target_id', '=', 'site.target_id'),
      )
      .selectAll('site')
      .select([
        sql<number | null>`case when coalesce(kept.certificate_valid, found.certificate_valid) then 1 else 0 end`.as(
          'numerator',
        ),
        sql<number | null>`1`.as('denominator'),
        sql<Exclusion | null>`coalesce(site.status_reason, site.certificate_reason, case
            when ${SEEN_AT} is null and ${PROBED_AT} is null then 'no_data'
            when ${SEEN_AT} is null then 'unreachable'
            when coalesce(kept.cause, found.cause) = 'tls_national_root' then 'cannot_tell' end)`.as('excluded_reason'),
        sql<Date | null>`coalesce(${SEEN_AT}, ${PROBED_AT})`.as('observed_at'),
      ])
  },
  facts: (db, context, org_unit_id) =>
    findCertificateFacts(db, context, { org_unit_id, ...stateWindow(context), limit: FACTS_LIMIT }),
}
