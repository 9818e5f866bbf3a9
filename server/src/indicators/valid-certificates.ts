import { sql } from 'kysely'
import type { Exclusion } from './exclusions.ts'
import { FACTS_LIMIT, type EvaluationContext, type Indicator } from './indicator.ts'
import { findCertificateFacts } from './site-facts.ts'
import { siteValues } from './site-units.ts'

/** A certificate seen longer ago than this may have been replaced: it says nothing of today. */
const MAX_AGE_DAYS = 7

function window(context: EvaluationContext): { from: Date; to: Date } {
  return { from: new Date(context.as_of.getTime() - MAX_AGE_DAYS * 86_400_000), to: context.as_of }
}

/**
 * Share of sites with a good certificate. A site that answers by http alone has none, so it counts against the share:
 * browsers call it unsafe. A root that only the missing national store could judge is "cannot tell", no fault.
 */
export const validCertificates: Indicator = {
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
        'Организации без своего сайта; ремонт, каникулы, приостановка; сайты, до которых не удалось дойти за 7 суток; сертификат национального корня, если его хранилище не подключено',
    },
    en: {
      title: 'Share of official websites with a valid certificate',
      short: 'Valid certificate',
      formula: 'sites with a valid certificate / sites that answered by https or http × 100 %',
      numerator:
        'Sites whose certificate is in time, issued to that name, with a trusted chain (the national root included)',
      denominator: 'Sites that showed a certificate or answered by http alone (without encryption)',
      excluded:
        'Organisations without a site; repair, holidays, suspension; sites that could not be reached for 7 days; a certificate under the national root when its store is not given',
    },
  },
  unit: 'ratio',
  decimals: 1,
  direction: 'more_is_better',
  accumulation: 'state_at',
  period_kind: 'month',
  counting_unit: 'site',
  counted_in: 'sites',
  coverage_floor: 0.5,
  legal_source: null,
  methodology_version: 1,
  values(db, context) {
    const { from, to } = window(context)
    const probes = (target: 'seen' | 'any') =>
      db
        .selectFrom('site_check as probe')
        .where(sql<boolean>`probe.org_unit_id = site.org_unit_id and probe.target_id = site.target_id`)
        .where('probe.checked_at', '>=', from)
        .where('probe.checked_at', '<', to)
        .where('probe.change_set_no', '<=', context.known_at_change_set_no)
        .$if(target === 'seen', (query) =>
          query.where(
            sql<boolean>`(probe.certificate_valid is not null or (probe.http_status is not null and probe.tls_ms is null))`,
          ),
        )
        .orderBy('probe.org_unit_id')
        .orderBy('probe.target_id')
        .orderBy('probe.checked_at', 'desc')
        .limit(1)
        .select(['probe.checked_at', 'probe.certificate_valid', 'probe.cause'])
    return siteValues(db, context, (query) =>
      query
        .selectFrom('site')
        .leftJoinLateral(probes('seen').as('seen'), (join) => join.onTrue())
        .leftJoinLateral(probes('any').as('newest'), (join) => join.onTrue())
        .select([
          'site.org_unit_id',
          'site.target_id',
          sql<number | null>`case when seen.certificate_valid then 1 else 0 end`.as('numerator'),
          sql<number | null>`1`.as('denominator'),
          sql<Exclusion | null>`coalesce(site.status_reason, case
            when newest.checked_at is null then 'no_data'
            when seen.checked_at is null then 'unreachable'
            when seen.cause = 'tls_national_root' then 'cannot_tell' end)`.as('excluded_reason'),
          sql<Date | null>`coalesce(seen.checked_at, newest.checked_at)`.as('observed_at'),
        ]),
    )
  },
  facts: (db, context, org_unit_id) =>
    findCertificateFacts(db, context, { org_unit_id, ...window(context), limit: FACTS_LIMIT }),
}
