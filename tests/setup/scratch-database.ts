import { randomBytes } from 'node:crypto'
import pg from 'pg'

/** A database without anything in it, and its end. */
export interface ScratchDatabase {
  owner_url: string
  /** As the application role, once the schema is there. */
  application_url: string
  drop: () => Promise<void>
}

async function administer(superuserUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Makes an empty database on a server whose application role can sign in with a known password. */
export async function createScratchDatabase(
  superuserUrl: string,
  application_password = 'edumon-test',
): Promise<ScratchDatabase> {
  const name = `edumon_scratch_${randomBytes(6).toString('hex')}`
  await administer(superuserUrl, `CREATE DATABASE ${name} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0`)
  const owner = new URL(superuserUrl)
  owner.pathname = `/${name}`
  const application = new URL(owner)
  application.username = 'edumon_app'
  application.password = application_password
  return {
    owner_url: owner.href,
    application_url: application.href,
    drop: () => administer(superuserUrl, `DROP DATABASE ${name} WITH (FORCE)`),
  }
}
