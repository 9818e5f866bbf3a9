/** What a route needs its caller to be able to do. */
export const CAPABILITIES = [
  /** Anybody, also without an account. */
  'public',
  /** A session whose password was right, also before the second factor. */
  'session',
  /** Anybody who is fully signed in. */
  'signed_in',
  'registry:read',
  'registry:write',
  'sites:read',
  'sites:recheck',
  /** Look at a site as a person and keep what was seen. */
  'sites:check',
  /** Pictures and scans may show people. */
  'pictures:read',
  /** Objections name people and show their words. */
  'objections:read',
  'objections:open',
  'objections:decide',
  'internet:read',
  'indicators:read',
  'imports:read',
  'imports:write',
  'collectors:read',
  'users:manage',
  'tokens:manage',
  'audit:read',
  /** Lease work and hand in measurements; programs only. */
  'collect',
  /** Hand in speed tests of one's own school; its programs only. */
  'speed:submit',
] as const
export type Capability = (typeof CAPABILITIES)[number]

/** Capabilities that need no role: whether the caller has them follows from how it is signed in. */
export const ROLE_FREE: ReadonlySet<Capability> = new Set<Capability>(['public', 'session', 'signed_in'])
