import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

/** Where events go in, and with which key. */
export interface Door {
  ingestUrl: string
  apiKey: string
  signal?: AbortSignal
}

const BATCH = 500
const TRIES = 40
const answer = z.looseObject({
  accepted: z.number(),
  duplicates: z.number(),
  quarantined: z.number(),
  conflicts: z.number(),
  errors: z.array(z.looseObject({ message: z.string().optional(), code: z.string().optional() })),
})

export interface Knocked {
  accepted: number
  duplicates: number
}

/**
 * Sends lines of NDJSON through `POST /v1/events`, 500 at a time and in order. Waits and tries again while the service is full or away
 * (429, 503, no answer). Throws when an event is refused: the simulator only makes events that the contract takes.
 */
export async function send(
  door: Door,
  lines: readonly string[],
  onBatch: (sent: number) => void = () => {},
): Promise<Knocked> {
  const sum: Knocked = { accepted: 0, duplicates: 0 }
  for (let at = 0; at < lines.length; at += BATCH) {
    const batch = lines.slice(at, at + BATCH)
    const result = await post(door, `${batch.join('\n')}\n`)
    sum.accepted += result.accepted
    sum.duplicates += result.duplicates
    if (result.quarantined + result.conflicts > 0) {
      const first = result.errors[0]
      throw new Error(
        `the ingest service refused an event of the demo company: ${first?.message ?? first?.code ?? 'no reason'}`,
      )
    }
    onBatch(at + batch.length)
  }
  return sum
}

async function post({ ingestUrl, apiKey, signal }: Door, body: string): Promise<z.infer<typeof answer>> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    const response = await fetch(new URL('/v1/events', ingestUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/x-ndjson' },
      body,
      ...(signal ? { signal } : {}),
    }).catch((error: unknown) => {
      if (signal?.aborted || attempt >= TRIES) throw error
      return undefined
    })
    if (response?.ok) return answer.parse(await response.json())
    if (response && response.status !== 429 && response.status !== 503)
      throw new Error(`the ingest service answered ${response.status}: ${(await response.text()).slice(0, 300)}`)
    await response?.body?.cancel()
    if (attempt >= TRIES) throw new Error(`the ingest service at ${ingestUrl} takes no events`)
    const wished = Number(response?.headers.get('retry-after') ?? 0)
    await sleep(wished > 0 ? wished * 1000 : Math.min(3000, 100 * attempt), undefined, signal ? { signal } : {})
  }
}
