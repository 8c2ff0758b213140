import { UserError } from '../../lib/errors'
import { contentOf } from '../import/inputs'
import type { Mapping } from './mapping'

/** Files that hold canonical events already. NDJSON passes as it is. */
export const canonical: Mapping = {
  name: 'canonical',
  summary: 'events of the contract, one a line',
  convert: (input, { onRead }) => {
    if (input.format === 'csv') throw new UserError('import_format', 'not NDJSON', 400, 'files')
    return { events: contentOf(input, onRead) }
  },
}
