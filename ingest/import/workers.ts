import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Checked, Task } from './protocol'

/** One thread stays free for reading and sending, and more than three only wait for ClickHouse. */
const MOST = 3
const SCRIPT = new URL('./thread.mjs', import.meta.url)

interface Waiting {
  readonly task: Task
  readonly resolve: (checked: Checked) => void
  readonly reject: (error: Error) => void
}

/** The importer's threads: `check` gives the next free one a segment. A thread that dies fails what it was doing and all that follows. */
export class Workers {
  private readonly threads: Worker[] = []
  private readonly idle: Worker[] = []
  private readonly queue: Waiting[] = []
  private readonly busy = new Map<Worker, Waiting>()
  private failed: Error | undefined

  readonly size: number

  /** As many as are useful and the machine has to spare, one at least. */
  constructor(useful = MOST) {
    this.size = Math.max(1, Math.min(useful, MOST, availableParallelism() - 1))
    for (let n = 0; n < this.size; n++) this.start()
  }

  private start(): void {
    const worker = new Worker(SCRIPT, { execArgv: [] })
    worker.on('message', (checked: Checked) => {
      const done = this.busy.get(worker)
      this.busy.delete(worker)
      this.idle.push(worker)
      done?.resolve(checked)
      this.next()
    })
    worker.on('error', (error) => this.fail(error))
    worker.on('exit', (code) => {
      if (code !== 0) this.fail(new Error(`A thread of the importer ended with code ${code}`))
    })
    this.threads.push(worker)
    this.idle.push(worker)
  }

  private fail(error: Error): void {
    this.failed ??= error
    const waiting = [...this.busy.values(), ...this.queue.splice(0)]
    this.busy.clear()
    for (const each of waiting) each.reject(this.failed)
  }

  private next(): void {
    while (this.idle.length > 0 && this.queue.length > 0) {
      const worker = this.idle.pop()
      const waiting = this.queue.shift()
      if (!worker || !waiting) return
      this.busy.set(worker, waiting)
      worker.postMessage(waiting.task, [waiting.task.bytes.buffer])
    }
  }

  check(task: Task): Promise<Checked> {
    if (this.failed) return Promise.reject(this.failed)
    return new Promise((resolve, reject) => {
      this.queue.push({ task, resolve, reject })
      this.next()
    })
  }

  async close(): Promise<void> {
    for (const worker of this.threads) worker.removeAllListeners('exit')
    await Promise.all(this.threads.map((worker) => worker.terminate()))
  }
}
