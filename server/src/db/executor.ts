import type { Kysely, Transaction } from 'kysely'
import type { DB } from './schema.gen.ts'

/** Runs queries that only read: the pool or any transaction. */
export type ReadExecutor = Kysely<DB>

/** Runs queries that write. A transaction alone has it, so that nothing is written half. */
export type WriteExecutor = Transaction<DB>
