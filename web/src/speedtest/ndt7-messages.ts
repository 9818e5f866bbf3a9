/** What the page and the worker that measures tell each other. */
export type Direction = 'download' | 'upload'

export interface Order {
  direction: Direction
  /** With the ticket in it. */
  url: string
}

/** What went over the line, and in what time. */
export interface Amount {
  bytes: number
  duration_ms: number
}

export type News =
  | { kind: 'progress'; amount: Amount }
  | { kind: 'done'; amount: Amount }
  /** No connection came about, or it broke before enough was measured. */
  | { kind: 'failed'; was_open: boolean }
