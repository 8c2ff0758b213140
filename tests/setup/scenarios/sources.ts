import { readEvent } from '../../../ingest/contract/read'
import { knownVocabulary } from '../../../ingest/log/vocabulary'
import { putInQuarantine } from '../../../ingest/quarantine/store'
import { pool } from '../../../lib/db/client'
import { fresh, hugo, run, type Scenario, sam } from './scenario'

/** Input of a source of its own that was refused: a condition that nobody has mapped. */
async function refused(): Promise<{ source: string; outside: string }> {
  const source = `/wms/${fresh('place')}`
  const outside = 'GRADE-B'
  const raw = Buffer.from(
    JSON.stringify({
      ...{ specversion: '1.0', id: '1', source, type: 'unit.received.v1', time: '2026-05-10T14:02:11Z' },
      data: { unit_id: `U${source}`, facility: 'venlo', quantity: 1, condition_code: outside },
    }),
  )
  const read = readEvent(raw, Date.now(), await knownVocabulary((text) => pool().query(text)))
  if (read.ok) throw new Error('it was understood')
  await putInQuarantine((statement) => pool().query(statement), [{ ...read, raw, origin: 'test' }])
  return { source, outside }
}

const mapping = ({ source, outside }: { source: string; outside: string }) => ({
  ...{ source, list: 'condition', outside, code: 'B', seen: 0 },
})

/** What comes in: the meanings of its codes, what was refused, and the keys that let it in. */
export const SOURCES: readonly Scenario[] = [
  { command: 'code.map', build: async () => ({ actor: hugo, input: mapping(await refused()) }) },
  {
    command: 'code.map',
    about: 'another meaning',
    async build() {
      const first = mapping(await refused())
      await run(hugo, 'code.map', first)
      return { actor: sam, input: { ...first, code: 'C', seen: 1, reason: 'Their manual has changed.' } }
    },
  },
  {
    command: 'quarantine.replay',
    async build() {
      const input = await refused()
      await run(sam, 'code.map', mapping(input))
      return { actor: sam, input: { which: { source: input.source } } }
    },
  },
  {
    command: 'quarantine.dismiss',
    build: async () => ({
      actor: sam,
      input: { which: { source: (await refused()).source }, reason: 'A test of the sender.' },
    }),
  },
  {
    command: 'key.create',
    build: async () => ({ actor: sam, input: { name: 'Venlo', scope: 'events:write', sources: '/wms/venlo' } }),
  },
  {
    command: 'key.revoke',
    async build() {
      const { id } = await run(sam, 'key.create', { name: fresh('key'), scope: 'metrics:read', sources: '/*' })
      return { actor: sam, input: { id, reason: 'It is not used any more.' } }
    },
  },
]
