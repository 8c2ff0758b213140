/** What is under way, of all files of an import: bounded, so that reading waits for checking and checking for sending. */
export class Flow {
  private readonly tasks = new Set<Promise<void>>()
  private failure: unknown

  /** `limit`: how many tasks may be under way. */
  constructor(private readonly limit: number) {}

  /** Begins a task as soon as there is room. Rejects when any task has failed: then nothing more should begin. */
  async add(work: () => Promise<void>): Promise<void> {
    while (this.tasks.size >= this.limit && this.failure === undefined) await Promise.race(this.tasks)
    if (this.failure !== undefined) throw this.failure
    const task = work()
      .catch((error: unknown) => {
        this.failure ??= error
      })
      .finally(() => this.tasks.delete(task))
    this.tasks.add(task)
  }

  /** Resolves when nothing is under way any more; rejects with the first failure. */
  async settle(): Promise<void> {
    while (this.tasks.size > 0) await Promise.all(this.tasks)
    if (this.failure !== undefined) throw this.failure
  }
}
