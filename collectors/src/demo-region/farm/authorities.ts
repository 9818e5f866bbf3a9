import 'reflect-metadata'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

export const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000
const AUTHORITY_DAYS = 3650

/** The global type, by whichever library declares it: Node's here, the DOM's for the tests. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>
interface KeyPair {
  publicKey: Key
  privateKey: Key
}

export interface Authority {
  certificate: X509Certificate
  key: Key
}

/**
 * Roots and their authorities as the farm's sites need them. `public` plays a root that every system trusts,
 * `national` the national one that only the extra store knows, `national_new` its successor that is in no store yet,
 * `stranger` a root that nobody trusts.
 */
export const ROOT_SUBJECTS = {
  public: 'CN=Edumon Demo Public Root, O=Edumon Demo, C=RU',
  national: 'CN=Russian Trusted Root CA, O=Edumon Demo (simulated), C=RU',
  national_new: 'CN=Russian Trusted Root CA, OU=2026, O=Edumon Demo (simulated), C=RU',
  stranger: 'CN=Unknown Root, O=Edumon Demo, C=RU',
} as const
const ISSUER_SUBJECTS: Record<RootName, string> = {
  public: 'CN=Edumon Demo Public CA, O=Edumon Demo, C=RU',
  national: 'CN=Russian Trusted Sub CA, O=Edumon Demo (simulated), C=RU',
  national_new: 'CN=Russian Trusted Sub CA, OU=2026, O=Edumon Demo (simulated), C=RU',
  stranger: 'CN=Unknown CA, O=Edumon Demo, C=RU',
}

export type RootName = keyof typeof ROOT_SUBJECTS
const ROOT_NAMES = Object.keys(ROOT_SUBJECTS) as RootName[]

export interface Authorities {
  roots: Record<RootName, Authority>
  issuers: Record<RootName, Authority>
  /** One key pair for all sites: making a thousand would cost seconds and show nothing more. */
  site_keys: KeyPair
  site_key_pem: string
}

interface StoredAuthority {
  certificate_pem: string
  key_pem: string
}
interface StoredAuthorities {
  roots: Record<string, StoredAuthority>
  issuers: Record<string, StoredAuthority>
  site_key_pem: string
  site_public_key_pem: string
}

function generateKeys(): Promise<KeyPair> {
  return crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify'])
}

async function writeKeyPem(key: Key): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

function readKeyPem(pem: string): Promise<Key> {
  return crypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), KEY_ALGORITHM, true, ['sign'])
}

async function createAuthority(subject: string, parent: Authority | null): Promise<Authority> {
  const keys = await generateKeys()
  const now = Date.now()
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: parent?.certificate.subject ?? subject,
    notBefore: new Date(now - 400 * DAY_MS),
    notAfter: new Date(now + AUTHORITY_DAYS * DAY_MS),
    publicKey: keys.publicKey,
    signingKey: parent?.key ?? keys.privateKey,
    signingAlgorithm: KEY_ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, parent === null ? 1 : 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })
  return { certificate, key: keys.privateKey }
}

async function storeAuthority({ certificate, key }: Authority): Promise<StoredAuthority> {
  return { certificate_pem: certificate.toString('pem'), key_pem: await writeKeyPem(key) }
}

async function createStored(): Promise<StoredAuthorities> {
  const roots: StoredAuthorities['roots'] = {}
  const issuers: StoredAuthorities['issuers'] = {}
  for (const name of ROOT_NAMES) {
    const root = await createAuthority(ROOT_SUBJECTS[name], null)
    roots[name] = await storeAuthority(root)
    issuers[name] = await storeAuthority(await createAuthority(ISSUER_SUBJECTS[name], root))
  }
  const site = await generateKeys()
  const publicKey = await crypto.subtle.exportKey('spki', site.publicKey)
  return {
    roots,
    issuers,
    site_key_pem: await writeKeyPem(site.privateKey),
    site_public_key_pem: PemConverter.encode(publicKey, 'PUBLIC KEY'),
  }
}

async function loadAuthorities(stored: Record<string, StoredAuthority>): Promise<Record<RootName, Authority>> {
  const load = async (name: RootName): Promise<Authority> => {
    const one = stored[name]
    if (one === undefined) throw new Error(`the farm's authorities file lacks "${name}"; remove it to make a new one`)
    return { certificate: new X509Certificate(one.certificate_pem), key: await readKeyPem(one.key_pem) }
  }
  return {
    public: await load('public'),
    national: await load('national'),
    national_new: await load('national_new'),
    stranger: await load('stranger'),
  }
}

/** The farm's authorities from `folder/authorities.json`; made there at the first call, so that restarts keep them. */
export async function openAuthorities(folder: string): Promise<Authorities> {
  const file = join(folder, 'authorities.json')
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, JSON.stringify(await createStored(), null, 2), { mode: 0o600 })
    chmodSync(file, 0o600)
  }
  const stored = JSON.parse(readFileSync(file, 'utf8')) as StoredAuthorities
  const publicKey = PemConverter.decodeFirst(stored.site_public_key_pem)
  return {
    roots: await loadAuthorities(stored.roots),
    issuers: await loadAuthorities(stored.issuers),
    site_keys: {
      privateKey: await readKeyPem(stored.site_key_pem),
      publicKey: await crypto.subtle.importKey('spki', publicKey, KEY_ALGORITHM, true, ['verify']),
    },
    site_key_pem: stored.site_key_pem,
  }
}
