import { brotliCompressSync, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { Socket } from 'node:net'
import { SCHOOL_PAGE } from './school-page.ts'
import type { Zoo, ZooCase } from './zoo.ts'

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n'

/** Writes a piece again and again until the other side has had enough. */
function pour(socket: Socket, piece: string | Buffer, pause_ms = 0): void {
  const next = (): void => {
    if (socket.destroyed) return
    if (pause_ms > 0) setTimeout(next, pause_ms).unref()
    else if (socket.writableNeedDrain) socket.once('drain', next)
    else setImmediate(next)
    socket.write(piece)
  }
  next()
}

const pouring = (head: string, piece: string | Buffer, pause_ms?: number) => (zoo: Zoo) =>
  zoo.tcp('http', (socket) => {
    socket.once('data', () => {
      socket.write(head)
      pour(socket, piece, pause_ms)
    })
  })

const encoded = (encoding: string, body: Buffer) => (zoo: Zoo) =>
  zoo.http((_, answer) =>
    answer.writeHead(200, { 'content-type': 'text/html', 'content-encoding': encoding }).end(body),
  )

const status =
  (code: number, body = 'x', headers: Record<string, string> = {}) =>
  (zoo: Zoo) =>
    zoo.http((_, answer) => answer.writeHead(code, { 'content-type': 'text/html', ...headers }).end(body))

const bytes = (text: string | Buffer, end?: boolean) => (zoo: Zoo) => zoo.bytes(text, end)

const does_not_work = 'does_not_work'
const cannot_tell = 'cannot_tell'

/** Time, size and form of an answer. */
export const ANSWER_CASES: readonly ZooCase[] = [
  {
    name: 'no answer ever',
    verdict: does_not_work,
    cause: 'first_byte_timeout',
    open: (zoo) => zoo.http(() => undefined),
  },
  {
    name: 'headers that drip',
    verdict: does_not_work,
    cause: 'first_byte_timeout',
    open: pouring('HTTP/1.1 200 OK\r\nx: ', 'a', 100),
  },
  {
    name: 'endless "continue"',
    verdict: does_not_work,
    cause: 'protocol_error',
    open: pouring('', 'HTTP/1.1 100 Continue\r\n\r\n', 50),
  },
  {
    name: 'a body that drips',
    verdict: does_not_work,
    cause: 'total_timeout',
    open: pouring(`${HEAD}\r\n<html>`, 'a', 100),
  },
  {
    name: 'a body that stalls',
    verdict: does_not_work,
    cause: 'body_timeout',
    open: bytes(`${HEAD}content-length: 5000\r\n\r\n<html>`, false),
  },
  {
    name: 'a body cut short',
    verdict: does_not_work,
    cause: 'response_cut',
    open: bytes(`${HEAD}content-length: 5000\r\n\r\n<html>`),
  },
  {
    name: 'chunks cut short',
    verdict: does_not_work,
    cause: 'response_cut',
    open: bytes(`${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n<html`),
  },
  {
    name: 'a chunk size that is none',
    verdict: does_not_work,
    cause: 'protocol_error',
    open: bytes(`${HEAD}transfer-encoding: chunked\r\n\r\nZZ\r\n<html`),
  },
  { name: 'another protocol', verdict: does_not_work, cause: 'protocol_error', open: bytes('SSH-2.0-OpenSSH_9.2\r\n') },
  {
    name: 'two lengths that differ',
    verdict: does_not_work,
    cause: 'protocol_error',
    open: bytes(`${HEAD}content-length: 5\r\ncontent-length: 9\r\n\r\n<html`),
  },
  {
    name: 'an upgrade that nobody asked for',
    verdict: does_not_work,
    cause: 'protocol_error',
    open: bytes('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
  },
  {
    name: 'a megabyte of headers',
    verdict: cannot_tell,
    cause: 'headers_too_large',
    open: bytes(`${HEAD}${'x-flood: abcdefghij\r\n'.repeat(50_000)}\r\n`),
  },
  {
    name: 'headers without end',
    verdict: cannot_tell,
    cause: 'headers_too_large',
    open: pouring('HTTP/1.1 200 OK\r\n', 'x-flood: abcdefghij\r\n'.repeat(100)),
  },
  {
    name: 'a body without end',
    verdict: cannot_tell,
    cause: 'too_large',
    open: pouring(`${HEAD}\r\n<html>`, Buffer.alloc(65_536, 0x20)),
  },
  {
    name: 'a zip bomb',
    verdict: cannot_tell,
    cause: 'too_large',
    open: encoded('gzip', gzipSync(Buffer.alloc(64_000_000))),
  },
  {
    name: 'a zip bomb in a zip bomb',
    verdict: cannot_tell,
    cause: 'too_large',
    open: encoded('gzip, gzip', gzipSync(gzipSync(Buffer.alloc(64_000_000)))),
  },
  {
    name: 'a brotli bomb',
    verdict: cannot_tell,
    cause: 'too_large',
    open: encoded('br', brotliCompressSync(Buffer.alloc(64_000_000))),
  },
  {
    name: 'more layers of compression than sense',
    verdict: cannot_tell,
    cause: 'encoding_broken',
    open: encoded('gzip, gzip, gzip', gzipSync('x')),
  },
  {
    name: 'gzip that is none',
    verdict: cannot_tell,
    cause: 'encoding_broken',
    open: encoded('gzip', Buffer.from(SCHOOL_PAGE)),
  },
  {
    name: 'gzip cut short',
    verdict: cannot_tell,
    cause: 'encoding_broken',
    open: encoded('gzip', gzipSync(SCHOOL_PAGE).subarray(0, -20)),
  },
  {
    name: 'an encoding that nobody knows',
    verdict: cannot_tell,
    cause: 'encoding_broken',
    open: encoded('lzma', Buffer.from('x')),
  },
  { name: 'brotli', verdict: 'works', cause: null, open: encoded('br', brotliCompressSync(SCHOOL_PAGE)) },
  { name: 'zstd', verdict: 'works', cause: null, open: encoded('zstd', zstdCompressSync(SCHOOL_PAGE)) },
  {
    name: 'deflate without its wrapping',
    verdict: 'works',
    cause: null,
    open: encoded('deflate', deflateRawSync(SCHOOL_PAGE)),
  },
  {
    name: 'early hints before the answer',
    verdict: 'works',
    cause: null,
    open: bytes(
      `HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n${HEAD}content-length: ${Buffer.byteLength(SCHOOL_PAGE)}\r\n\r\n${SCHOOL_PAGE}`,
    ),
    expect: { http_status: 200 },
  },
  {
    name: 'HTTP/1.0 without a length',
    verdict: 'works',
    cause: null,
    open: bytes(`HTTP/1.0 200 OK\r\ncontent-type: text/html\r\n\r\n${SCHOOL_PAGE}`),
    expect: { http_version: '1.0' },
  },
  {
    name: 'bytes after the end of the answer',
    verdict: 'works',
    cause: null,
    open: bytes(`${HEAD}content-length: ${Buffer.byteLength(SCHOOL_PAGE)}\r\n\r\n${SCHOOL_PAGE}and more`),
  },
  { name: 'no content type', verdict: 'works', cause: null, open: bytes(`HTTP/1.1 200 OK\r\n\r\n${SCHOOL_PAGE}`) },
  {
    name: 'not found',
    verdict: does_not_work,
    cause: 'http_client_error',
    open: status(404),
    expect: { http_status: 404 },
  },
  { name: 'a server error', verdict: does_not_work, cause: 'http_server_error', open: status(500) },
  {
    name: 'an overloaded server',
    verdict: does_not_work,
    cause: 'http_server_error',
    open: status(503, '<h1>Service Unavailable</h1>'),
  },
  {
    name: 'forbidden to everybody',
    verdict: does_not_work,
    cause: 'http_client_error',
    open: status(403, '<h1>403 Forbidden</h1>', { server: 'nginx' }),
  },
  {
    name: '"not modified" to a first visit',
    verdict: cannot_tell,
    cause: 'http_unexpected_status',
    open: status(304, ''),
  },
  {
    name: 'a status from nowhere',
    verdict: cannot_tell,
    cause: 'http_unexpected_status',
    open: bytes('HTTP/1.1 799 What\r\ncontent-length: 0\r\n\r\n'),
  },
  { name: 'no content', verdict: does_not_work, cause: 'empty_page', open: status(204, '') },
  { name: 'an empty body', verdict: does_not_work, cause: 'empty_page', open: status(200, '') },
  {
    name: 'a document instead of a page',
    verdict: cannot_tell,
    cause: 'not_a_page',
    open: status(200, '%PDF-1.4 …', { 'content-type': 'application/pdf' }),
  },
]
