import { sql } from 'kysely'
import type { ReadExecutor, WriteExecutor } from '../db/executor.ts'
import { CodedError } from '../errors.ts'
import { hashSecret, makeSecret } from './secrets.ts'

export const LINK_PURPOSES = ['first_administrator', 'invitation', 'password_reset'] as const
export type LinkPurpose = (typeof LINK_PURPOSES)[number]

const LINK_HOURS: Readonly<Record<LinkPurpose, number>> = {
  first_administrator: 24,
  invitation: 168,
  password_reset: 24,
}

/** Lets no link of the person work any more. */
export async function endLinks(tx: WriteExecutor, user_id: number): Promise<void> {
  await tx
    .updateTable('one_time_link')
    .set({ used_at: sql<Date>`clock_timestamp()` })
    .where('user_id', '=', user_id)
    .where('used_at', 'is', null)
    .execute()
}

/** Makes a link's secret; earlier links of the person stop working. @returns the secret, which is kept nowhere */
export async function makeLink(
  tx: WriteExecutor,
  link: { user_id: number; purpose: LinkPurpose; created_by: string },
): Promise<{ secret: string; expires_at: Date }> {
  await endLinks(tx, link.user_id)
  const secret = makeSecret()
  const { expires_at } = await tx
    .insertInto('one_time_link')
    .values({
      ...link,
      link_sha256: hashSecret(secret),
      expires_at: sql<Date>`clock_timestamp() + make_interval(hours => ${LINK_HOURS[link.purpose]})`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow()
  return { secret, expires_at }
}

/** Whose password a link sets. @throws EDU_LINK_NOT_FOUND when it is unknown, used or too old */
export async function findLink(db: ReadExecutor, secret: string) {
  const link = await db
    .selectFrom('one_time_link as l')
    .innerJoin('app_user as u', 'u.user_id', 'l.user_id')
    .where('l.link_sha256', '=', hashSecret(secret))
    .where('l.used_at', 'is', null)
    .where('l.expires_at', '>', sql<Date>`clock_timestamp()`)
    .where('u.is_disabled', '=', false)
    .where('u.external_subject', 'is', null)
    .select(['l.purpose', 'l.expires_at', 'u.user_id', 'u.login', 'u.display_name', 'u.totp_confirmed_at'])
    .executeTakeFirst()
  if (link === undefined) throw new CodedError('EDU_LINK_NOT_FOUND', 'Ссылка уже использована или её срок истёк')
  return link
}

/** Uses a link up. @returns whether it still worked: of two uses at once one alone does */
export async function useLink(tx: WriteExecutor, secret: string): Promise<boolean> {
  const used = await tx
    .updateTable('one_time_link')
    .set({ used_at: sql<Date>`clock_timestamp()` })
    .where('link_sha256', '=', hashSecret(secret))
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .returning('link_sha256')
    .executeTakeFirst()
  return used !== undefined
}
