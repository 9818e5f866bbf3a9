import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext, getCACertificates, rootCertificates } from 'node:tls'
import type { SecureContext, TLSSocket } from 'node:tls'
import type { SiteCause, SiteCertificate } from '@edumon/server/contract'
import { cleanText } from './clean-text.ts'

export interface TrustOptions {
  /** PEM of roots used for judging sites only, beside the system's: the national roots. */
  extra_ca_pem: readonly string[]
  /** PEM of roots that count as the system's: a machine's own authority, the demo's. */
  root_ca_pem: readonly string[]
}

export interface Trust {
  /** One context for all probes: building the store of roots costs more than a probe. */
  secure_context: SecureContext
  /** The extra roots. */
  extra_roots: readonly X509Certificate[]
}

export interface CertificateJudgement {
  certificate: SiteCertificate
  /** Null: the certificate is good for this name now. */
  cause: SiteCause | null
}

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** Certificates of one PEM text. Throws when a block is not a certificate or there is none. */
export function splitPem(text: string): string[] {
  const blocks = text.match(PEM_BLOCK) ?? []
  if (blocks.length === 0) throw new TypeError('no certificate in PEM form')
  for (const block of blocks) new X509Certificate(block)
  return blocks
}

/**
 * Every server knows one of them. Left out is the post-quantum key that would be sent ahead by default: making it costs
 * more than all else in opening a connection, nothing secret passes, and old school servers choke on the large hello.
 */
const KEY_GROUPS = 'X25519:P-256:P-384:P-521'

export function createTrust(options: TrustOptions): Trust {
  const system = new Set([...rootCertificates, ...getCACertificates('system'), ...options.root_ca_pem])
  return {
    secure_context: createSecureContext({ ca: [...system, ...options.extra_ca_pem], ecdhCurve: KEY_GROUPS }),
    extra_roots: options.extra_ca_pem.map((pem) => new X509Certificate(pem)),
  }
}

/** НУЦ Минцифры: its root and the authorities under it (https://www.gosuslugi.ru/crt). */
const NATIONAL_AUTHORITY = /Russian Trusted (Root|Sub) CA|Ministry of Digital Development and Communications/

const UNTRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
])
/** Judged from the certificate itself, so that a bad chain does not hide them. */
const TIME_FAULTS = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])

/** Whether the leaf or an authority that the server sent with it was signed under the national root. */
function namesNationalAuthority(leaf: X509Certificate): boolean {
  let link: X509Certificate | undefined = leaf
  for (let depth = 0; depth < 10 && link !== undefined; depth += 1) {
    if (NATIONAL_AUTHORITY.test(link.issuer)) return true
    link = link.issuerCertificate
  }
  return false
}

function causeOfChain(fault: string, leaf: X509Certificate): SiteCause {
  if (fault === 'DEPTH_ZERO_SELF_SIGNED_CERT') return 'tls_self_signed'
  if (!UNTRUSTED.has(fault)) return 'tls_certificate_invalid'
  if (namesNationalAuthority(leaf)) return 'tls_national_root'
  // OpenSSL's word for "the leaf came alone and its issuer is unknown": the server forgot the intermediate one.
  return fault === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' ? 'tls_incomplete_chain' : 'tls_untrusted_root'
}

function validityFault(certificate: Pick<SiteCertificate, 'not_before' | 'not_after'>, now: Date): SiteCause | null {
  if (now > new Date(certificate.not_after)) return 'tls_expired'
  return now < new Date(certificate.not_before) ? 'tls_not_yet_valid' : null
}

/** The judgement of an earlier full handshake, brought up to `now`: what a resumed session goes by. */
export function rejudgeCertificate(certificate: SiteCertificate, now: Date): CertificateJudgement {
  return { certificate, cause: validityFault(certificate, now) }
}

/** Whether an accepted chain ends at one of the extra roots: the last link that the server sent was issued by it. */
function endsAtExtraRoot(leaf: X509Certificate, trust: Trust): boolean {
  if (trust.extra_roots.length === 0) return false
  let link = leaf
  for (let depth = 0; depth < 10 && link.issuerCertificate !== undefined; depth += 1) link = link.issuerCertificate
  return trust.extra_roots.some((root) => root.subject === link.issuer && link.checkIssued(root))
}

/**
 * Judges the certificate of a full handshake that was made without enforcing trust. Null when the server showed no
 * certificate at all.
 */
export function judgeCertificate(socket: TLSSocket, hostname: string, trust: Trust): CertificateJudgement | null {
  const leaf = socket.getPeerX509Certificate()
  if (leaf === undefined) return null
  const error: unknown = socket.authorizationError
  const fault = socket.authorized ? null : error instanceof Error ? error.message : String(error)
  const name = hostname.replace(/^\[|\]$/g, '')
  const name_matches =
    isIP(name) === 0 ? leaf.checkHost(name, { subject: 'never' }) !== undefined : leaf.checkIP(name) !== undefined
  const certificate: SiteCertificate = {
    issuer: cleanText(leaf.issuer.replaceAll('\n', ', '), 300),
    subject: cleanText(leaf.subject.replaceAll('\n', ', '), 300),
    not_before: leaf.validFromDate.toISOString(),
    not_after: leaf.validToDate.toISOString(),
    name_matches,
    chain_trusted: fault === null,
    trust_store: fault !== null ? null : endsAtExtraRoot(leaf, trust) ? 'extra' : 'system',
    chain_fault: fault === null ? null : cleanText(fault, 100),
    fingerprint_sha256: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
  }
  return { certificate, cause: findCause(certificate, fault, leaf) }
}

function findCause(certificate: SiteCertificate, fault: string | null, leaf: X509Certificate): SiteCause | null {
  if (fault === 'DEPTH_ZERO_SELF_SIGNED_CERT') return 'tls_self_signed'
  const time_fault = validityFault(certificate, new Date())
  if (time_fault !== null) return time_fault
  if (!certificate.name_matches) return 'tls_name_mismatch'
  if (fault === null) return null
  // The leaf's own dates are good: an authority above it has expired.
  return TIME_FAULTS.has(fault) ? 'tls_certificate_invalid' : causeOfChain(fault, leaf)
}
