import { createSecureContext, type SecureContext } from 'node:tls'
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { FaultName } from '../faults.ts'
import { HOSTERS } from '../hosters.ts'
import type { Site } from '../sites.ts'
import { KEY_ALGORITHM, type Authorities, type Authority, type RootName } from './authorities.ts'

const DAY_MS = 86_400_000

interface LeafOrder {
  names: string[]
  root: RootName | 'itself'
  /** Days from now to the first and the last valid moment. */
  from_day: number
  to_day: number
  usage: ExtendedKeyUsage
  /** Which authorities the server sends beside its own certificate. */
  sends: 'issuer' | 'issuer_and_root' | 'nothing'
}

const SOUND = {
  root: 'public',
  from_day: -30,
  to_day: 60,
  usage: ExtendedKeyUsage.serverAuth,
  sends: 'issuer',
} as const
const EXPIRING_SHARE = 23

/** Faults that show in the certificate; others of the TLS layer show in the handshake. */
const CHANGES: Partial<Record<FaultName, Partial<LeafOrder>>> = {
  tls_expired: { from_day: -380, to_day: -12 },
  tls_not_yet_valid: { from_day: 20, to_day: 110 },
  tls_name_mismatch: { names: ['hosting-default.example'] },
  tls_self_signed: { root: 'itself', sends: 'nothing' },
  tls_untrusted_root: { root: 'stranger', sends: 'issuer_and_root' },
  tls_incomplete_chain: { sends: 'nothing' },
  tls_wrong_purpose: { usage: ExtendedKeyUsage.clientAuth },
  tls_national_listed: { root: 'national' },
  tls_national_unlisted: { root: 'national_new', sends: 'issuer_and_root' },
}

/** What of a site its certificate depends on. */
export type CertificateSubject = Pick<Site, 'host' | 'hoster' | 'fault'>

/** One certificate for all sites of a hoster that gives out its own names, one for each own domain. */
function nameSubject(site: CertificateSubject): string {
  const { domain } = HOSTERS[site.hoster]
  return domain !== null && site.fault === null ? `*.${domain}` : site.host
}

function orderLeaf(site: CertificateSubject, fault: FaultName | null): LeafOrder {
  const name = nameSubject(site)
  const isExpiring = name === site.host && site.host.length % EXPIRING_SHARE === 0
  const order: LeafOrder = { ...SOUND, names: [name], ...(isExpiring ? { to_day: 9 } : {}) }
  return { ...order, ...(fault === null ? {} : CHANGES[fault]) }
}

async function issue(order: LeafOrder, authorities: Authorities): Promise<string> {
  const issuer: Authority | null = order.root === 'itself' ? null : authorities.issuers[order.root]
  const subject = `CN=${order.names[0] ?? 'site.example'}`
  const now = Date.now()
  const leaf = await X509CertificateGenerator.create({
    subject,
    issuer: issuer?.certificate.subject ?? subject,
    notBefore: new Date(now + order.from_day * DAY_MS),
    notAfter: new Date(now + order.to_day * DAY_MS),
    publicKey: authorities.site_keys.publicKey,
    signingKey: issuer?.key ?? authorities.site_keys.privateKey,
    signingAlgorithm: KEY_ALGORITHM,
    extensions: [
      new SubjectAlternativeNameExtension(order.names.map((value) => ({ type: 'dns' as const, value }))),
      new ExtendedKeyUsageExtension([order.usage]),
    ],
  })
  const chain = [leaf]
  if (issuer !== null && order.sends !== 'nothing') chain.push(issuer.certificate)
  if (order.root !== 'itself' && order.sends === 'issuer_and_root')
    chain.push(authorities.roots[order.root].certificate)
  return chain.map((certificate) => certificate.toString('pem')).join('\n')
}

export type ContextSource = (site: CertificateSubject, fault: FaultName | null) => Promise<SecureContext>

/** TLS contexts by what they must show; made when first asked for and kept, so that the farm starts at once. */
export function createContextSource(authorities: Authorities): ContextSource {
  const made = new Map<string, Promise<SecureContext>>()
  return (site, fault) => {
    const order = orderLeaf(site, fault)
    const key = JSON.stringify(order)
    const known = made.get(key)
    if (known !== undefined) return known
    const context = issue(order, authorities).then((cert) =>
      createSecureContext({ cert, key: authorities.site_key_pem }),
    )
    made.set(key, context)
    return context
  }
}
