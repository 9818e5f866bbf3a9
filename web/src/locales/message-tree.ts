import type ru from './ru.ts'

/** Russian is the source of the keys: another language has exactly these. */
export type MessageTree = typeof ru
