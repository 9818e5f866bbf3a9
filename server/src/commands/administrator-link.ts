import { makeAdministratorLink } from '../access/users.ts'
import type { Config } from '../config.ts'
import { systemAuthor } from '../db/audit-author.ts'
import { dayInZone } from '../domain/region-day.ts'
import { withInstallation } from './reach-database.ts'

/** What whoever starts the program is told while nobody administers it. */
export function administratorNotice(origin: string, secret: string): string {
  return `First administrator: open this link within a day and set a password. It works once.
  ${origin}/sign-in/link#${secret}`
}

/** Prints a one-time link for an administrator, making the account when it is not there. */
export async function printAdministratorLink(config: Config, login: string): Promise<void> {
  const by = systemAuthor('command line')
  const today = dayInZone(new Date(), config.time_zone)
  const { secret } = await withInstallation(config, (db) =>
    db.transaction().execute((tx) => makeAdministratorLink(tx, { login, display_name: login }, today, by)),
  )
  console.log(administratorNotice(config.public_origin ?? `http://127.0.0.1:${config.port}`, secret))
}
