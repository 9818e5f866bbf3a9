import { promisify } from 'node:util'
import { gzip, gzipSync } from 'node:zlib'
import type { FaultOf } from '../faults.ts'
import { html, sendAnswer, type Exchange } from './answer.ts'

const SLOW_STEP_MS = 400
const MEBIBYTE = 1_048_576
const FILLER = Buffer.alloc(65_536, '<p>Школьные новости. </p>')
const BOMB_MEBIBYTES = 32
const gzipAsync = promisify<Buffer, { level: number }, Buffer>(gzip)

/** Repeats until the client goes away. */
function repeatWhileOpen({ response }: Exchange, step_ms: number, act: () => void): void {
  const timer = setInterval(act, step_ms)
  response.on('close', () => clearInterval(timer))
}

function redirect(exchange: Exchange, location: string): void {
  exchange.response.writeHead(302, { location, 'content-length': 0 })
  exchange.response.end()
}

function startPage({ response }: Exchange, headers: Record<string, string | number> = {}): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers })
  response.write('<!DOCTYPE html><html lang="ru"><head><title>Школа</title></head><body>')
}

function pourEndlessly(exchange: Exchange): void {
  startPage(exchange)
  const { response } = exchange
  const pour = () => {
    while (!response.destroyed && response.write(FILLER)) continue
  }
  response.on('drain', pour)
  pour()
}

let bomb: Promise<Buffer> | null = null

/** Zeros in one gzip stream, a thousandth of their size on the wire; packed when first asked for. */
function packBomb(): Promise<Buffer> {
  bomb ??= gzipAsync(Buffer.alloc(BOMB_MEBIBYTES * MEBIBYTE), { level: 6 })
  return bomb
}

function sendZipBomb({ response }: Exchange): void {
  void packBomb().then((body) => {
    sendAnswer(response, html(body, 200, { 'content-encoding': 'gzip' }))
  })
}

function sendRaw({ request }: Exchange, text: string): void {
  request.socket.end(text)
}

function countHops({ request }: Exchange): number {
  return Number(new URL(request.url ?? '/', 'http://site.example').searchParams.get('hop') ?? '0')
}

/** How a server goes wrong after a sound connection. `flapping` is resolved before: it never comes here. */
export const HTTP_FAULTS: Record<Exclude<FaultOf<'http'>, 'flapping'>, (exchange: Exchange) => void> = {
  never_answers: () => undefined,
  body_stalls: (exchange) => startPage(exchange, { 'content-length': 50_000 }),
  slow_drip: (exchange) => {
    startPage(exchange)
    repeatWhileOpen(exchange, SLOW_STEP_MS, () => exchange.response.write(' '))
  },
  response_cut: (exchange) => {
    startPage(exchange, { 'content-length': 50_000 })
    setTimeout(() => exchange.request.socket.destroy(), 50)
  },
  garbage_answer: (exchange) => sendRaw(exchange, 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n\r\n'),
  http_404: ({ response }) =>
    sendAnswer(response, html('<html><body><h1>404 Not Found</h1><hr>nginx</body></html>', 404)),
  http_500: ({ response }) =>
    sendAnswer(response, html('<html><body><h1>500 Internal Server Error</h1></body></html>', 500)),
  http_503: ({ response }) =>
    sendAnswer(response, html('<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>', 503)),
  status_unexpected: ({ response }) => {
    response.writeHead(304)
    response.end()
  },
  redirect_loop: (exchange) => redirect(exchange, `${exchange.origin}${exchange.request.url === '/' ? '/main' : '/'}`),
  redirect_many: (exchange) => redirect(exchange, `${exchange.origin}/?hop=${countHops(exchange) + 1}`),
  redirect_invalid: (exchange) => redirect(exchange, 'ftp://files.example/school'),
  redirect_private: (exchange) => redirect(exchange, 'http://192.168.1.1/login'),
  header_flood: (exchange) => {
    const flood = Array.from({ length: 6000 }, (_, index) => `X-Flood-${index}: ${'a'.repeat(100)}`).join('\r\n')
    sendRaw(exchange, `HTTP/1.1 200 OK\r\n${flood}\r\n\r\n`)
  },
  endless_body: pourEndlessly,
  zip_bomb: sendZipBomb,
  broken_encoding: ({ response }) => {
    const body = gzipSync(Buffer.from('<html><body>Школа</body></html>'.repeat(50)))
    body.fill(0x55, 12)
    sendAnswer(response, html(body, 200, { 'content-encoding': 'gzip' }))
  },
  document_home: ({ response }) =>
    sendAnswer(response, { status: 200, headers: { 'content-type': 'application/pdf' }, body: '%PDF-1.4\n%%EOF\n' }),
}
