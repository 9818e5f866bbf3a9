import type { Config } from '../config.ts'
import { systemAuthor } from '../db/audit-author.ts'
import { forgetFiles } from '../files/forget-files.ts'
import { reachDatabase } from './reach-database.ts'

/** Removes at once what the running system removes once a day: files with personal data whose term is over. */
export async function forgetOldFiles(config: Config): Promise<void> {
  const { file_term_days } = config
  const database = await reachDatabase(config)
  try {
    const term = { file_term_days, now: new Date() }
    const { files, bytes } = await forgetFiles(database.owner_url, term, systemAuthor('command line'))
    console.log(`Older than ${file_term_days} days: ${files} files removed, ${bytes} bytes`)
  } finally {
    await database.stop()
  }
}
