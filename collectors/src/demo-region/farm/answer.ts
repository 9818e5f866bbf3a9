import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** A whole answer, ready to be sent. */
export interface Answer {
  status: number
  headers: OutgoingHttpHeaders
  body: string | Buffer
}

/** One request to one site, with what a fault needs to answer it wrongly. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  /** Address of the site as requested: scheme, host and port. */
  origin: string
}

export function html(body: string | Buffer, status = 200, headers: OutgoingHttpHeaders = {}): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body }
}

export function sendAnswer(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { 'content-length': Buffer.byteLength(answer.body), ...answer.headers })
  response.end(answer.body)
}
