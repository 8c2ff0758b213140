import { UserError } from '../../lib/errors'
import type { Mapping } from './mapping'

/** Files that hold canonical events already. NDJSON passes as it is. */
export const canonical: Mapping = {
  name: 'canonical',
  summary: 'events of the contract, one a line',
  convert: (content, input) => {
    if (input.format === 'csv') throw new UserError('import_format', 'not NDJSON', 400, 'files')
    return { events: content }
  },
}
