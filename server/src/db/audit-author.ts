/** Who did it, from where and in which request. */
export interface AuditAuthor {
  readonly actor: string
  /** Null: a program or the system. */
  readonly user_id: number | null
  /** Null: the system itself. */
  readonly remote_address: string | null
  readonly request_id: string
}

/** A job or command of the system itself. */
export function systemAuthor(actor: string): AuditAuthor {
  return { actor, user_id: null, remote_address: null, request_id: crypto.randomUUID() }
}
