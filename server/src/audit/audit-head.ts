const HEAD_FORM = /^(?:(\d+):(\d+):)?([0-9a-f]{64})$/

/** The newest seal of a chain: what is remembered outside the database, so that a cut tail is found. */
export interface AuditHead {
  /** Null: only the hash was remembered. */
  seal_no: number | null
  /** Last event it covers; null: only the hash was remembered. */
  to_event_id: number | null
  sha256: string
}

/** A head as one word for logs and people: `seal:event:hash`. */
export function formatHead({ seal_no, to_event_id, sha256 }: AuditHead): string {
  return seal_no === null || to_event_id === null ? sha256 : `${seal_no}:${to_event_id}:${sha256}`
}

/** Reads what `formatHead` wrote, or a hash alone; null for anything else. */
export function parseHead(text: string): AuditHead | null {
  const [, seal_no, to_event_id, sha256] = HEAD_FORM.exec(text.trim()) ?? []
  if (sha256 === undefined) return null
  if (seal_no === undefined || to_event_id === undefined) return { seal_no: null, to_event_id: null, sha256 }
  return { seal_no: Number(seal_no), to_event_id: Number(to_event_id), sha256 }
}
