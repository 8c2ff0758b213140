import { execute } from '../../lib/workflow/execute'
import { receive } from '../../lib/workflow/receipt/receive'
import { somebody } from './cases'

/** Receives one unit in a process of its own, which a failpoint may kill. */
const [, , unitId = '', commandId = ''] = process.argv
await execute(somebody('jo', ['receiver']), receive, { unitId }, commandId)
