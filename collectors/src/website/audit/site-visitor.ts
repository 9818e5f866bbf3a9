import { setTimeout as wait } from 'node:timers/promises'
import type { PageEvidence, SiteCause } from '@edumon/server/contract'
import { findHeader, guardedFetch } from '../../net/guarded-fetch.ts'
import type { FetchResult, GuardedNet } from '../../net/guarded-fetch.ts'
import { keepEvidence } from '../availability/evidence.ts'
import { isPage } from '../availability/judge-answer.ts'
import type { ContentPool } from './content-pool.ts'
import type { PageContent } from './page-content.ts'
import { readRobots } from './robots.ts'
import type { Robots } from './robots.ts'

/** Caps of one audit; what they cut off is unread, never absent. */
export interface VisitLimits {
  pages: number
  bytes: number
  time_ms: number
}

export const DEFAULT_VISIT_LIMITS: VisitLimits = { pages: 60, bytes: 50_000_000, time_ms: 180_000 }

export type Visit =
  | { kind: 'page'; page: PageContent; answer: FetchResult }
  | { kind: 'missing'; answer: FetchResult }
  | { kind: 'unread'; cause: SiteCause | null; why: string; answer: FetchResult | null }
  | { kind: 'not_allowed' }

export interface VisitorParts {
  net: GuardedNet
  contents: ContentPool
}

const MAX_HOPS = 5
const bareHost = (url: URL): string => url.hostname.replace(/^www\./, '')

/**
 * Visits pages of one site as a polite guest: robots.txt first, one page at a time, same site only, within the caps.
 * Every answer is kept as evidence; an address visited before is not fetched again.
 */
export class SiteVisitor {
  readonly evidence: PageEvidence[] = []
  readonly #parts: VisitorParts
  readonly #limits: VisitLimits
  readonly #started_ms = performance.now()
  readonly #robots = new Map<string, Robots>()
  readonly #visits = new Map<string, Visit>()
  #bytes = 0
  #host: string | null = null

  constructor(parts: VisitorParts, limits: VisitLimits) {
    this.#parts = parts
    this.#limits = limits
  }

  /** From now on only this site's pages are visited; before, the home page may lead anywhere. */
  stayAt(url: URL): void {
    this.#host = bareHost(url)
  }

  isSameSite(url: URL): boolean {
    return (
      (url.protocol === 'http:' || url.protocol === 'https:') && (this.#host === null || bareHost(url) === this.#host)
    )
  }

  /** Only the first visit of an address counts against the caps. */
  async visit(url: URL): Promise<Visit> {
    const key = url.href.replace(/#.*$/, '')
    const before = this.#visits.get(key)
    if (before !== undefined) return before
    const visit = await this.#follow(url)
    this.#visits.set(key, visit)
    if (visit.kind === 'page') this.#visits.set(visit.answer.url, visit)
    return visit
  }

  #exhausted(): string | null {
    if (this.evidence.length >= this.#limits.pages) return `просмотрено ${this.#limits.pages} страниц, больше нельзя`
    if (this.#bytes >= this.#limits.bytes) return 'исчерпан объём проверки'
    return performance.now() - this.#started_ms >= this.#limits.time_ms ? 'исчерпано время проверки' : null
  }

  async #robotsOf(url: URL): Promise<Robots> {
    const known = this.#robots.get(url.origin) ?? (await readRobots(this.#parts.net, url.origin))
    this.#robots.set(url.origin, known)
    return known
  }

  async #follow(start: URL): Promise<Visit> {
    let url = start
    for (let hop = 0; hop <= MAX_HOPS; hop += 1) {
      if (!this.isSameSite(url))
        return { kind: 'unread', cause: null, why: `страница на другом сайте: ${url.href}`, answer: null }
      const spent = this.#exhausted()
      if (spent !== null) return { kind: 'unread', cause: null, why: spent, answer: null }
      const robots = await this.#robotsOf(url)
      if (robots.kind === 'unknown')
        return { kind: 'unread', cause: robots.cause, why: 'robots.txt не читается', answer: null }
      if (!robots.allows(url)) return { kind: 'not_allowed' }
      if (robots.delay_ms > 0 && this.evidence.length > 0) await wait(robots.delay_ms)
      const answer = await guardedFetch(this.#parts.net, url)
      this.#bytes += answer.body_bytes ?? 0
      this.evidence.push(keepEvidence(answer))
      const status = answer.http_status ?? 0
      const location = status >= 300 && status < 400 ? findHeader(answer.headers, 'location') : null
      if (location === null) return this.#read(answer)
      const next = URL.parse(location, url.href)
      if (next === null) return { kind: 'unread', cause: 'redirect_invalid', why: 'неверное перенаправление', answer }
      url = next
    }
    return { kind: 'unread', cause: 'redirect_too_many', why: 'слишком много перенаправлений', answer: null }
  }

  async #read(answer: FetchResult): Promise<Visit> {
    const status = answer.http_status ?? 0
    if (answer.cause !== null) return { kind: 'unread', cause: answer.cause, why: 'страница не открылась', answer }
    if (status === 404 || status === 410) return { kind: 'missing', answer }
    if (status !== 200) return { kind: 'unread', cause: null, why: `страница ответила кодом ${status}`, answer }
    if (!isPage(answer)) return { kind: 'missing', answer }
    const read = await this.#parts.contents.read(answer)
    if (!read.ok) return { kind: 'unread', cause: 'parse_failed', why: 'страница слишком сложна для чтения', answer }
    return { kind: 'page', page: read.value, answer }
  }
}
