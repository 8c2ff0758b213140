import { openApi } from '../../lib/metrics/openapi'
import type { Generator } from './generator'

/** The description of the query API, for readers of the repository; the running product serves the same. */
export const openApiFile: Generator = {
  name: 'OpenAPI',
  folder: 'docs/api',
  files: () => new Map([['openapi.json', `${JSON.stringify(openApi(), null, 2)}\n`]]),
}
