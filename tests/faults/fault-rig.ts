import { join } from 'node:path'
import { findHead, sealEvents } from '../../server/src/audit/seal-events.ts'
import type { AuditHead } from '../../server/src/audit/audit-head.ts'
import { withApplication } from '../../server/src/access/own-programs.ts'
import { BackupActivity } from './activities/backup.ts'
import type { Activity } from './activities/browser.ts'
import { DisputeActivity } from './activities/dispute.ts'
import type { IngestProxy } from './activities/ingest.ts'
import { SignInActivity } from './activities/sign-in.ts'
import { checkBackupEvents, checkChain } from './checks/audit.ts'
import type { Pledge } from './checks/pledge.ts'
import { restoreAndCheck } from './checks/restored-backup.ts'
import { checkSessionCount, trySessions } from './checks/sessions.ts'
import { atOneMoment, checkStored } from './checks/stored.ts'
import { Disturbance } from './disturbance.ts'
import { Installation } from './installation.ts'
import { ACTIVITIES, type ActivityName, type Victim } from './kill-plan.ts'
import { waitFor } from './wait-for.ts'

type Activities = Readonly<Record<ActivityName, Activity>> & {
  readonly ingest: IngestProxy
  readonly 'sign-in': SignInActivity
  readonly dispute: DisputeActivity
  readonly backup: BackupActivity
}

function takePledge(activities: Omit<Activities, 'backup'>): Omit<Pledge, 'backups'> {
  const { sessions } = activities['sign-in']
  const { objections } = activities.dispute
  return {
    measurements: [...activities.ingest.measurements],
    sessions: [...sessions],
    left: sessions.filter(({ state }) => state === 'left'),
    objections: [...objections],
    decisions: objections
      .filter(({ outcome }) => outcome !== null)
      .map(({ objection_id, outcome }) => ({ objection_id, outcome })),
  }
}

/** Begins what goes on through all rounds: a collector measures, people come, go, object and decide, backups are made. */
async function beginActivities(installation: Installation, disturbance: Disturbance): Promise<Activities> {
  const { region, apiUrl, environment, folder, proxy } = installation
  const signIn = new SignInActivity({ apiUrl, disturbance })
  for (const account of [region.opener, region.decider]) {
    if ((await signIn.signIn(account)) === null) throw new Error(`${account.login} could not sign in`)
  }
  signIn.begin(region.visitors)
  const people = { opener: signIn.browserOf(region.opener), decider: signIn.browserOf(region.decider) }
  const used = { ingest: proxy, 'sign-in': signIn, dispute: new DisputeActivity(people, region) }
  const pledge = () => takePledge(used)
  return { ...used, backup: new BackupActivity({ folder: join(folder, 'backups'), environment, disturbance, pledge }) }
}

/** An installation with all its activities, what it has acknowledged, and whether it keeps that. */
export class FaultRig {
  readonly activities: Activities
  readonly #installation: Installation
  readonly #disturbance: Disturbance
  /** The newest seal that was seen: the chain may only grow from it. */
  #head: AuditHead | null = null

  private constructor(installation: Installation, disturbance: Disturbance, activities: Activities) {
    this.#installation = installation
    this.#disturbance = disturbance
    this.activities = activities
  }

  static async start(): Promise<FaultRig> {
    const disturbance = new Disturbance()
    // Until all runs, nobody's failure is a fault.
    disturbance.begin()
    const installation = await Installation.start(disturbance)
    let rig: FaultRig | null = null
    try {
      await installation.waitForChecks()
      rig = new FaultRig(installation, disturbance, await beginActivities(installation, disturbance))
      await rig.waitForProgress(ACTIVITIES)
      return rig
    } catch (error) {
      await (rig ?? installation).stop()
      throw error
    }
  }

  /** Waits until each of these is told anew that something is done: all has recovered then. */
  async waitForProgress(names: readonly ActivityName[]): Promise<void> {
    const before = new Map(names.map((name) => [name, this.activities[name].acknowledged]))
    await waitFor(`progress of ${names.join(', ')}`, () =>
      names.every((name) => this.activities[name].acknowledged > (before.get(name) ?? 0)),
    )
    this.#disturbance.end()
  }

  /** Ends something without warning and starts it again; the next backup begins by itself. */
  async kill(victim: Victim): Promise<void> {
    this.#disturbance.begin()
    if (victim === 'backup') this.activities.backup.kill()
    else await this.#installation.kill(victim)
  }

  /** What is not as it was acknowledged. @param isOver nothing is under way any more */
  async findFaults(isOver = false): Promise<string[]> {
    const { backup, 'sign-in': signIn } = this.activities
    const pledge: Pledge = { ...takePledge(this.activities), backups: [...backup.reported] }
    const { database, apiUrl } = this.#installation
    const stored = await withApplication(database.applicationUrl, async (db) => {
      const found = await atOneMoment(db, async (tx) => [
        ...(await checkStored(tx, pledge)),
        ...(await checkSessionCount(tx, signIn.sent)),
        ...(await checkBackupEvents(tx, pledge, isOver ? backup.whole : null)),
      ])
      found.push(...(await checkChain(db, this.#head)))
      await sealEvents(db)
      this.#head = await findHead(db)
      return found
    })
    return [
      ...stored,
      ...(await trySessions(pledge, { apiUrl, disturbance: this.#disturbance })),
      ...this.#disturbance.faults.splice(0),
      ...ACTIVITIES.flatMap((name) => this.activities[name].refusals.splice(0)),
    ]
  }

  /** Numbers of what was acknowledged so far. */
  countAcknowledged(): Record<string, number> {
    const { ingest, 'sign-in': signIn, dispute, backup } = this.activities
    return {
      measurements: ingest.measurements.size,
      sign_ins: signIn.sessions.length,
      sign_outs: signIn.sessions.filter(({ state }) => state === 'left').length,
      objections: dispute.objections.length,
      decisions: dispute.objections.filter(({ outcome }) => outcome !== null).length,
      backups: backup.reported.length,
    }
  }

  /** Lets what runs come to its end, looks once more at everything, and restores the newest backup. */
  async finish(): Promise<string[]> {
    const { backup, dispute, 'sign-in': signIn } = this.activities
    await Promise.all([backup.stop(), dispute.stop(), signIn.stop()])
    if (backup.newest === null) return ['no backup has reported success']
    return [...(await this.findFaults(true)), ...(await restoreAndCheck(this.#installation, backup.newest))]
  }

  /** Ends everything, whatever state it is in. */
  async stop(): Promise<void> {
    const { backup, dispute, 'sign-in': signIn } = this.activities
    await Promise.all([backup.stop(), dispute.stop(), signIn.stop()])
    await this.#installation.stop()
  }
}
