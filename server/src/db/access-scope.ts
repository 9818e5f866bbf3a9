/**
 * Whose data a read may see. Every read query takes one as a required parameter, so that a query without it does
 * not compile. Until accounts exist the only subjects are the local administrator and the system's own jobs.
 */
export type AccessScope =
  | { readonly kind: 'everything'; readonly subject: 'local_administrator' }
  | { readonly kind: 'system'; readonly job: string }

export const LOCAL_ADMINISTRATOR: AccessScope = { kind: 'everything', subject: 'local_administrator' }

/** Scope of a job of the system itself; the name says which, for the log. */
export function systemScope(job: string): AccessScope {
  return { kind: 'system', job }
}
