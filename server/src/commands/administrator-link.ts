import { withApplication } from '../access/own-programs.ts'
import { makeAdministratorLink } from '../access/users.ts'
import type { Config } from '../config.ts'
import { dayInZone } from '../domain/region-day.ts'

/** What whoever starts the program is told while nobody administers it. */
export function administratorNotice(origin: string, secret: string): string {
  return `First administrator: open this link within a day and set a password. It works once.
  ${origin}/sign-in/link#${secret}`
}

/**
 * Prints a one-time link for an administrator, making the account when it is not there.
 * @throws when the setting that says where the database is is missing
 */
export async function printAdministratorLink(config: Config, login: string): Promise<void> {
  if (config.database_url === null) {
    throw new Error('administrator: DATABASE_URL must say where the database is; "npm start" prints the link itself')
  }
  const today = dayInZone(new Date(), config.time_zone)
  const { secret } = await withApplication(config.database_url, (db) =>
    db.transaction().execute((tx) => makeAdministratorLink(tx, { login, display_name: login }, today)),
  )
  console.log(administratorNotice(config.public_origin ?? `http://127.0.0.1:${config.port}`, secret))
}
