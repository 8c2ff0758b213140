import { sealOnce } from '../../lib/audit/seal'
import { withoutTimeouts } from '../../lib/db/client'

/** Seals one block in a process of its own, which a failpoint may kill. */
await withoutTimeouts((client) => sealOnce(client))
