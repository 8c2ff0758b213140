import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EVENT_TYPES } from '../../ingest/contract/types'
import { eventSchemas } from './event-schemas'

test('the JSON Schema files are those of the definition: one a type', async () => {
  const files = await eventSchemas.files()
  expect([...files.keys()]).toEqual(EVENT_TYPES.map((type) => `${type}.json`))
  for (const [name, content] of files) {
    const committed = readFileSync(join(import.meta.dirname, '../..', eventSchemas.folder, name), 'utf8')
    expect(committed, 'run npm run generate').toBe(content)
  }
})
