/** An import in a process of its own, which a test may kill: `tsx import-child.ts FILE ARCHIVE SEGMENT_BYTES [MAPPING]`. */
import { closeClickHouse } from '../../clickhouse/client'
import { importFiles } from '../../ingest/import/import-files'
import { closeDatabase } from '../../lib/db/client'

const [file = '', archiveDir = '', segmentBytes = '', mapping = 'canonical'] = process.argv.slice(2)
const account = await importFiles({
  files: [file],
  archiveDir,
  ...(segmentBytes ? { segmentBytes: Number(segmentBytes) } : {}),
  mapping,
})
console.log(JSON.stringify(account))
await Promise.all([closeDatabase(), closeClickHouse()])
