import { makeLeaf } from './certificates.ts'
import { SCHOOL_PAGE } from './school-page.ts'
import type { Zoo, ZooCase } from './zoo.ts'

type MakeLeaf = (zoo: Zoo, name: string) => ReturnType<typeof makeLeaf>

const https =
  (make: MakeLeaf, options: object = {}) =>
  (zoo: Zoo): Promise<string> =>
    zoo.https(
      async (name) => ({ ...(await make(zoo, name)), ...options }),
      (_, answer) => answer.setHeader('content-type', 'text/html').end(SCHOOL_PAGE),
    )

const good: MakeLeaf = ({ authorities: all }, name) =>
  makeLeaf(name, all.trusted_intermediate, { chain: [all.trusted_intermediate] })
const national: MakeLeaf = ({ authorities: all }, name) =>
  makeLeaf(name, all.national_intermediate, { chain: [all.national_intermediate] })

/** Everything that can be wrong with a certificate or a handshake. */
export const TLS_CASES: readonly ZooCase[] = [
  {
    name: 'a good certificate',
    verdict: 'works',
    cause: null,
    open: https(good),
    expect: { tls_resumed: false, certificate: { chain_trusted: true, name_matches: true, trust_store: 'system' } },
  },
  {
    name: 'an expired certificate',
    verdict: 'does_not_work',
    cause: 'tls_expired',
    open: https(({ authorities: all }, name) => makeLeaf(name, all.trusted, { from_days: -90, until_days: -1 })),
    expect: { certificate: { name_matches: true }, http_status: null },
  },
  {
    name: 'a certificate of tomorrow',
    verdict: 'does_not_work',
    cause: 'tls_not_yet_valid',
    open: https(({ authorities: all }, name) => makeLeaf(name, all.trusted, { from_days: 1 })),
  },
  {
    name: "another site's certificate",
    verdict: 'does_not_work',
    cause: 'tls_name_mismatch',
    open: https(({ authorities: all }) => makeLeaf('hoster.zoo.test', all.trusted)),
    expect: { certificate: { name_matches: false, chain_trusted: true } },
  },
  {
    name: 'a self-signed certificate',
    verdict: 'does_not_work',
    cause: 'tls_self_signed',
    open: https((_, name) => makeLeaf(name, null)),
    expect: { certificate: { chain_trusted: false, trust_store: null, chain_fault: 'DEPTH_ZERO_SELF_SIGNED_CERT' } },
  },
  {
    name: 'an unknown authority',
    verdict: 'does_not_work',
    cause: 'tls_untrusted_root',
    open: https(({ authorities: all }, name) =>
      makeLeaf(name, all.unknown_intermediate, { chain: [all.unknown_intermediate, all.unknown] }),
    ),
  },
  {
    name: 'a chain without its intermediate certificate',
    verdict: 'does_not_work',
    cause: 'tls_incomplete_chain',
    open: https(({ authorities: all }, name) => makeLeaf(name, all.trusted_intermediate)),
  },
  {
    name: 'the national root, not given',
    verdict: 'cannot_tell',
    cause: 'tls_national_root',
    open: https(national),
  },
  {
    name: 'the national root, given as the extra store',
    verdict: 'works',
    cause: null,
    national_store: true,
    open: https(national),
    expect: { certificate: { chain_trusted: true, trust_store: 'extra' } },
  },
  {
    name: 'an expired certificate under the national root',
    verdict: 'does_not_work',
    cause: 'tls_expired',
    open: https(({ authorities: all }, name) =>
      makeLeaf(name, all.national_intermediate, { from_days: -90, until_days: -1, chain: [all.national_intermediate] }),
    ),
  },
  {
    name: 'only protocols that nobody speaks any more',
    verdict: 'does_not_work',
    cause: 'tls_handshake_failed',
    open: https(good, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
  },
  {
    name: 'plain HTTP on the TLS port',
    verdict: 'does_not_work',
    cause: 'tls_handshake_failed',
    open: (zoo) =>
      zoo.tcp('https', (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
  },
  {
    name: 'a close during the handshake',
    verdict: 'does_not_work',
    cause: 'tls_handshake_failed',
    open: (zoo) => zoo.tcp('https', (socket) => socket.once('data', () => socket.end())),
  },
  {
    name: 'a reset during the handshake',
    verdict: 'does_not_work',
    cause: 'connect_reset',
    open: (zoo) => zoo.tcp('https', (socket) => socket.once('data', () => socket.resetAndDestroy())),
  },
  {
    name: 'silence instead of a handshake',
    verdict: 'does_not_work',
    cause: 'tls_timeout',
    open: (zoo) => zoo.tcp('https', () => undefined),
  },
]
