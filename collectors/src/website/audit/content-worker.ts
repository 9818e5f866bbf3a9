import { parentPort } from 'node:worker_threads'
import { READY } from '../../core/worker-pool.ts'
import { decodeCharset } from '../page/decode-charset.ts'
import type { PageInput } from '../page/page-reading.ts'
import { readContent } from './read-content.ts'

parentPort?.on('message', (input: PageInput) => {
  const { text } = decodeCharset(input.bytes, input.content_type)
  parentPort?.postMessage(readContent(text, new URL(input.url)))
})
// The pool gives work, and starts its clock, only when the modules are loaded.
parentPort?.postMessage(READY)
