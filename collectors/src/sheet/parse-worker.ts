import { parentPort } from 'node:worker_threads'
import { READY } from '../core/worker-pool.ts'
import { parseFile } from './parse-file.ts'

/** The thread that reads one uploaded file at a time: a hostile one costs this thread only. */
parentPort?.on('message', (bytes: Uint8Array) => {
  void parseFile(bytes).then((parsed) => parentPort?.postMessage(parsed))
})
parentPort?.postMessage(READY)
