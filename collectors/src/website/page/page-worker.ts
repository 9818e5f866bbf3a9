import { parentPort } from 'node:worker_threads'
import { READY } from '../../core/worker-pool.ts'
import { readPage } from './page-reading.ts'
import type { PageInput } from './page-reading.ts'

parentPort?.on('message', (input: PageInput) => parentPort?.postMessage(readPage(input)))
// The pool gives work, and starts its clock, only when the modules are loaded.
parentPort?.postMessage(READY)
