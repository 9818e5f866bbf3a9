import type { ObjectionKind } from '../domain/objections.ts'
import type { FindingPlace } from './find-finding.ts'

/** What somebody sends in. */
export interface ObjectionEntry extends FindingPlace {
  /** Made by the sender, so that sending it again opens no second one; absent: made here. */
  objection_id?: string | undefined
  kind: ObjectionKind
  reason: string
  /** Last day of a mute; null for a dispute. */
  asked_until: string | null
  file: { name: string; base64: string } | null
}

/** What was opened, and the last day to decide it. */
export interface OpenedObjection {
  objection_id: string
  due_on: string
  change_set_no: number
}
