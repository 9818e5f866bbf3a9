import { Worker } from 'node:worker_threads'

export interface WorkerPoolOptions {
  /** Module that answers each message with one message. */
  file: URL
  workers: number
  /** A job that takes longer has its thread ended. */
  time_limit_ms: number
  /** Heap of one thread; a job that needs more ends its thread. */
  memory_limit_mb: number
}

/** Why a job has no answer: it is the input's fault, not the program's. */
export type JobFailure = 'time_limit' | 'memory_limit' | 'crashed'
export type JobAnswer<Out> = { ok: true; value: Out } | { ok: false; failure: JobFailure }

export interface WorkerPool<In, Out> {
  run: (input: In) => Promise<JobAnswer<Out>>
  close: () => Promise<void>
}

interface Job<In, Out> {
  input: In
  finish: (answer: JobAnswer<Out>) => void
}

function failureOf(error: unknown): JobFailure {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory_limit' : 'crashed'
}

/**
 * Runs jobs on threads that can be lost: hostile input may spin or eat memory, and costs only its own thread.
 * Threads start with the first jobs and do not keep the process alive while idle.
 */
export function createWorkerPool<In, Out>(options: WorkerPoolOptions): WorkerPool<In, Out> {
  const queue: Job<In, Out>[] = []
  const idle: Worker[] = []
  const all = new Set<Worker>()
  let closed = false

  const start = (): Worker => {
    const worker = new Worker(options.file, { resourceLimits: { maxOldGenerationSizeMb: options.memory_limit_mb } })
    all.add(worker)
    return worker
  }
  const give = (worker: Worker, job: Job<In, Out>): void => {
    let settled = false
    const settle = (answer: JobAnswer<Out>, reusable: boolean) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      worker.removeAllListeners()
      if (reusable) idle.push(worker)
      else {
        all.delete(worker)
        // What a dying thread still reports has no listener left, and an unheard error would end the process.
        worker.on('error', () => undefined)
        void worker.terminate()
      }
      worker.unref()
      job.finish(answer)
      next()
    }
    const timer = setTimeout(() => settle({ ok: false, failure: 'time_limit' }, false), options.time_limit_ms)
    worker.ref()
    worker.once('message', (value: Out) => settle({ ok: true, value }, true))
    worker.once('error', (error: unknown) => settle({ ok: false, failure: failureOf(error) }, false))
    worker.once('exit', () => settle({ ok: false, failure: 'crashed' }, false))
    worker.postMessage(job.input)
  }
  const next = (): void => {
    if (closed || queue.length === 0) return
    const worker = idle.pop() ?? (all.size < options.workers ? start() : null)
    const job = worker === null ? undefined : queue.shift()
    if (worker !== null && job !== undefined) give(worker, job)
  }
  return {
    run: (input) =>
      new Promise((finish) => {
        queue.push({ input, finish })
        next()
      }),
    async close() {
      closed = true
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}
