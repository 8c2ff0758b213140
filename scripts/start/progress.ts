/** What `npm start` is doing, a line when a step begins and one with its time when it ends. */
export interface Progress {
  /** Runs one step under a title; `detail` shows how far it is. A failed step says so and throws on. */
  readonly step: <T>(title: string, work: (detail: (text: string) => void) => Promise<T>) => Promise<T>
  readonly note: (text: string) => void
}

const DETAIL_MS = 2_000

/** Milliseconds as a person reads them: 340 ms, 2.4 s, 1 min 5 s. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`
}

/** Writes whole lines with `write`, so that steps running side by side stay readable. */
export function lineProgress(write: (line: string) => void): Progress {
  return {
    note: write,
    step: async (title, work) => {
      const began = Date.now()
      let shown = began
      write(`… ${title}`)
      try {
        const result = await work((text) => {
          if (Date.now() - shown < DETAIL_MS) return
          shown = Date.now()
          write(`… ${title}: ${text}`)
        })
        write(`✓ ${title} (${duration(Date.now() - began)})`)
        return result
      } catch (error) {
        write(`✗ ${title} (${duration(Date.now() - began)})`)
        throw error
      }
    },
  }
}
