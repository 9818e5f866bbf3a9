import { parentPort } from 'node:worker_threads'
import { readPage } from './page-reading.ts'
import type { PageInput } from './page-reading.ts'

parentPort?.on('message', (input: PageInput) => parentPort?.postMessage(readPage(input)))
