import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { X509Certificate } from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000

export interface Authority {
  certificate: X509Certificate
  keys: CryptoKeyPair
  pem: string
}

export interface ServerCertificate {
  /** The leaf and what the server sends with it. */
  cert: string
  key: string
}

let serial = 1

async function makeKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

/** An authority: a root, or under `parent`. */
export async function makeAuthority(subject: string, parent?: Authority): Promise<Authority> {
  const keys = await makeKeys()
  serial += 1
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial.toString(16).padStart(4, '0'),
    subject,
    issuer: parent?.certificate.subject ?? subject,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 3650 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: parent?.keys.privateKey ?? keys.privateKey,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })
  return { certificate, keys, pem: certificate.toString('pem') }
}

export interface LeafOptions {
  /** Days from now. */
  from_days?: number
  until_days?: number
  /** Certificates that the server sends after its own. */
  chain?: readonly Authority[]
}

/** A server's certificate for one name; signed by itself when there is no `issuer`. */
export async function makeLeaf(
  name: string,
  issuer: Authority | null,
  options: LeafOptions = {},
): Promise<ServerCertificate> {
  const keys = await makeKeys()
  serial += 1
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial.toString(16).padStart(4, '0'),
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    notBefore: new Date(Date.now() + (options.from_days ?? -1) * DAY_MS),
    notAfter: new Date(Date.now() + (options.until_days ?? 90) * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: issuer?.keys.privateKey ?? keys.privateKey,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
  })
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    cert: [certificate.toString('pem'), ...(options.chain ?? []).map((authority) => authority.pem)].join('\n'),
    key: PemConverter.encode(key, 'PRIVATE KEY'),
  }
}
