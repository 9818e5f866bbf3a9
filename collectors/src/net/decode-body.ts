import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'
import type { SiteCause } from '@edumon/server/contract'

export type DecodedBody = { ok: true; bytes: Buffer } | { ok: false; cause: SiteCause }

type Decoder = (body: Buffer, max_bytes: number) => Promise<Buffer>

const gunzipBytes = promisify(gunzip)
const inflateBytes = promisify(inflate)
const inflateRawBytes = promisify(inflateRaw)
const brotliBytes = promisify(brotliDecompress)
const zstdBytes = promisify(zstdDecompress)

const decodeGzip: Decoder = (body, maxOutputLength) => gunzipBytes(body, { maxOutputLength })

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: decodeGzip,
  'x-gzip': decodeGzip,
  // "deflate" means zlib by RFC 9110, 8.4.1.2, but some servers send the bare stream.
  deflate: (body, maxOutputLength) =>
    ((body[0] ?? 0) & 0x0f) === 8
      ? inflateBytes(body, { maxOutputLength })
      : inflateRawBytes(body, { maxOutputLength }),
  br: (body, maxOutputLength) => brotliBytes(body, { maxOutputLength }),
  zstd: (body, maxOutputLength) => zstdBytes(body, { maxOutputLength }),
}

export const ACCEPTED_ENCODINGS = 'gzip, deflate, br, zstd'

/** More layers than anybody needs are a bomb. */
const MAX_LAYERS = 2

/**
 * Undoes Content-Encoding, never making more than `max_bytes`: a small body that unpacks beyond it is `too_large`,
 * an unknown or damaged encoding `encoding_broken`. Runs on the thread pool, not on the event loop.
 */
export async function decodeBody(body: Buffer, content_encoding: string, max_bytes: number): Promise<DecodedBody> {
  const layers = content_encoding
    .toLowerCase()
    .split(',')
    .map((layer) => layer.trim())
    .filter((layer) => layer !== '' && layer !== 'identity')
  if (layers.length > MAX_LAYERS) return { ok: false, cause: 'encoding_broken' }
  let bytes = body
  for (const layer of layers.reverse()) {
    const decode = DECODERS[layer]
    if (decode === undefined) return { ok: false, cause: 'encoding_broken' }
    if (bytes.length === 0) break
    try {
      bytes = await decode(bytes, max_bytes)
    } catch (error) {
      const overflow = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      return { ok: false, cause: overflow ? 'too_large' : 'encoding_broken' }
    }
  }
  return { ok: true, bytes }
}
