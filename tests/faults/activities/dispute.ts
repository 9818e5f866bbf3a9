import { setTimeout as delay } from 'node:timers/promises'
import { hashBytes } from '../../../server/src/db/blobs.ts'
import type { FaultRegion, FaultSite } from '../fault-region.ts'
import { TRY_AGAIN_MS, type Activity, type ApiAnswer, type Browser } from './browser.ts'
import { Flight } from './flight.ts'
import { regionDay } from '../../setup/region-day.ts'

const BETWEEN_DISPUTES_MS = 50

/** An objection whose opening was acknowledged. */
export interface KnownObjection {
  objection_id: string
  org_unit_id: number
  reason: string
  file_sha256: string
  /** The decision that was acknowledged; null: none yet. */
  outcome: 'granted' | 'rejected' | null
}

/** Browsers of two people who are signed in: who objects does not decide. */
interface DisputePeople {
  opener: Browser
  decider: Browser
}

/** One person disputes a finding of site after site, with a text and a file; another one decides each. */
export class DisputeActivity implements Activity {
  readonly flight = new Flight()
  readonly objections: KnownObjection[] = []
  readonly sent = new Set<string>()
  readonly refusals: string[] = []
  acknowledged = 0
  readonly #people: DisputePeople
  #isStopping = false
  readonly #running: Promise<void>

  constructor(people: DisputePeople, { sites }: FaultRegion) {
    this.#people = people
    this.#running = this.#run(sites)
  }

  async #run(sites: readonly FaultSite[]): Promise<void> {
    for (let no = 0; !this.#isStopping; no += 1) {
      const site = sites[no % sites.length]
      if (site === undefined) return
      const objection = await this.#open(site, no)
      if (objection !== null) await this.#decide(objection, no)
      await delay(BETWEEN_DISPUTES_MS)
    }
  }

  /** Sends the same until it is answered. @returns null when all ends before */
  async #insist(browser: Browser, path: string, payload: object): Promise<(ApiAnswer & { tries: number }) | null> {
    for (let tries = 1; !this.#isStopping; tries += 1) {
      const answer = await this.flight.track(() => browser.send('POST', path, payload))
      if (answer !== null) return { ...answer, tries }
      await delay(TRY_AGAIN_MS)
    }
    return null
  }

  async #open({ org_unit_id, target_id }: FaultSite, no: number): Promise<KnownObjection | null> {
    const objection_id = crypto.randomUUID()
    const file = Buffer.from(`%PDF-1.4\n${`${objection_id}\n`.repeat(500)}`)
    const reason = `Возражение № ${no}: сайт открывается`
    this.sent.add(objection_id)
    const answer = await this.#insist(this.#people.opener, `/org-units/${org_unit_id}/objections`, {
      ...{ objection_id, kind: 'dispute', target_id, finding: 'certificate', subsection: null, incident_id: null },
      ...{ reason, asked_until: null, file: { name: 'Ответ.pdf', base64: file.toString('base64') } },
    })
    if (answer === null) return null
    if (answer.status !== 201 || answer.body['objection_id'] !== objection_id) {
      this.refusals.push(`objection ${no} was refused: ${answer.status} ${JSON.stringify(answer.body)}`)
      return null
    }
    const known = { objection_id, org_unit_id, reason, file_sha256: hashBytes(file), outcome: null }
    this.objections.push(known)
    this.acknowledged += 1
    return known
  }

  async #decide(objection: KnownObjection, no: number): Promise<void> {
    const { org_unit_id, objection_id } = objection
    const outcome = no % 2 === 0 ? 'granted' : 'rejected'
    const days = outcome === 'granted' ? [regionDay(1), regionDay(5)] : [null, null]
    const answer = await this.#insist(
      this.#people.decider,
      `/org-units/${org_unit_id}/objections/${objection_id}/decision`,
      { outcome, reason: `Решение № ${no}`, valid_from: days[0], valid_to: days[1] },
    )
    if (answer === null) return
    // Said by the server to be decided already: by an earlier try, whose answer was cut off.
    const wasDecided = answer.body['code'] === 'EDU_OBJECTION_DECIDED' && answer.tries > 1
    if (answer.status === 200 || wasDecided) {
      objection.outcome = outcome
      this.acknowledged += 1
    } else this.refusals.push(`decision ${no} was refused: ${answer.status} ${JSON.stringify(answer.body)}`)
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#running
  }
}
