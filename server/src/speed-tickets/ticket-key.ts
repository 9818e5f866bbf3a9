import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose'
import type { Kysely } from 'kysely'
import type { TicketKey } from '../contract/index.ts'
import type { DB } from '../db/schema.gen.ts'
import type { NamedKey } from './ticket-token.ts'

interface KeyRow {
  key_id: string
  private_key: unknown
  public_key: unknown
}

async function makeKey(): Promise<{ key_id: string; private_key: string; public_key: string }> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const public_key = await exportJWK(publicKey)
  return {
    key_id: await calculateJwkThumbprint(public_key),
    private_key: JSON.stringify(await exportJWK(privateKey)),
    public_key: JSON.stringify(public_key),
  }
}

/** The one key of this installation; whoever asks first makes it, and of several at once one does. */
async function findKey(db: Kysely<DB>): Promise<KeyRow> {
  const select = db.selectFrom('ticket_key').select(['key_id', 'private_key', 'public_key'])
  const found = await select.executeTakeFirst()
  if (found !== undefined) return found
  const made = await makeKey()
  await db
    .insertInto('ticket_key')
    .values(made)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return select.executeTakeFirstOrThrow()
}

/** The key that tickets are signed with. It never leaves the API. */
export async function findSigningKey(db: Kysely<DB>): Promise<NamedKey> {
  const { key_id, private_key } = await findKey(db)
  return { key_id, key: (await importJWK(private_key as JWK, 'EdDSA')) as CryptoKey }
}

/** The key that measurement servers tell tickets by. */
export async function findPublicKey(db: Kysely<DB>): Promise<TicketKey> {
  const { key_id, public_key } = await findKey(db)
  const { kty, crv, x } = public_key as TicketKey['public_key']
  return { key_id, public_key: { kty, crv, x } }
}
