import { Worker } from 'node:worker_threads'

/** First message of a worker: it is loaded and takes work. */
export const READY = 'ready'

/** A thread that has not loaded by then never will. */
const START_LIMIT_MS = 30_000

export interface WorkerPoolOptions {
  /** Module that sends READY once and then answers each message with one message. */
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

/** Another thread is worth its start (half a second of CPU) only when this many jobs wait for each there is. */
const JOBS_PER_THREAD = 16

interface Job<In, Out> {
  input: In
  finish: (answer: JobAnswer<Out>) => void
}

function failureOf(error: unknown): JobFailure {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory_limit' : 'crashed'
}

/** What happens to a thread while it loads or works; one set of ears for its whole life. */
interface Attention {
  onMessage: (value: unknown) => void
  onLoss: (failure: JobFailure) => void
}

/** One thread and what is done with its next message or its end. */
class Thread {
  readonly #worker: Worker
  #attention: Attention | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(options: WorkerPoolOptions) {
    this.#worker = new Worker(options.file, { resourceLimits: { maxOldGenerationSizeMb: options.memory_limit_mb } })
    this.#worker.on('message', (value: unknown) => this.#take()?.onMessage(value))
    this.#worker.on('error', (error: unknown) => this.#take()?.onLoss(failureOf(error)))
    this.#worker.on('exit', () => this.#take()?.onLoss('crashed'))
  }

  /** Waits for one message; the thread's end or the time limit is a loss, after which it is of no use. */
  expect(limit_ms: number, attention: Attention): void {
    this.#attention = attention
    this.#worker.ref()
    this.#timer = setTimeout(() => this.#take()?.onLoss('time_limit'), limit_ms)
  }

  #take(): Attention | null {
    const attention = this.#attention
    this.#attention = null
    clearTimeout(this.#timer)
    this.#worker.unref()
    return attention
  }

  post(input: unknown): void {
    this.#worker.postMessage(input)
  }

  async end(): Promise<void> {
    this.#attention = null
    clearTimeout(this.#timer)
    await this.#worker.terminate()
  }
}

/**
 * Runs jobs on threads that can be lost: hostile input may spin or eat memory, and costs only its own thread.
 * Threads start with the first jobs and do not keep the process alive while idle.
 */
export function createWorkerPool<In, Out>(options: WorkerPoolOptions): WorkerPool<In, Out> {
  const queue: Job<In, Out>[] = []
  const idle: Thread[] = []
  const all = new Set<Thread>()
  let starting = false
  let closed = false

  const release = (thread: Thread): void => {
    idle.push(thread)
    next()
  }
  const lose = (thread: Thread, job: Job<In, Out> | undefined, failure: JobFailure): void => {
    all.delete(thread)
    void thread.end()
    job?.finish({ ok: false, failure })
    next()
  }
  const start = (): void => {
    const thread = new Thread(options)
    starting = true
    all.add(thread)
    thread.expect(START_LIMIT_MS, {
      onMessage: () => {
        starting = false
        release(thread)
      },
      onLoss: (failure) => {
        starting = false
        lose(thread, queue.shift(), failure)
      },
    })
  }
  const give = (thread: Thread, job: Job<In, Out>): void => {
    thread.expect(options.time_limit_ms, {
      onMessage: (value) => {
        job.finish({ ok: true, value: value as Out })
        release(thread)
      },
      onLoss: (failure) => lose(thread, job, failure),
    })
    thread.post(job.input)
  }
  const next = (): void => {
    if (closed || queue.length === 0) return
    const thread = idle.pop()
    const job = thread === undefined ? undefined : queue.shift()
    if (thread !== undefined && job !== undefined) give(thread, job)
    else if (!starting && all.size < options.workers && queue.length > all.size * JOBS_PER_THREAD) start()
  }
  return {
    run: (input) =>
      new Promise((finish) => {
        queue.push({ input, finish })
        next()
      }),
    async close() {
      closed = true
      await Promise.all([...all].map((thread) => thread.end()))
    },
  }
}
