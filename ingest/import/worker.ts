import { parentPort } from 'node:worker_threads'
import { writeSegment } from './archive'
import { checkSegment } from './check-segment'
import type { Task } from './protocol'

/** A thread of the importer: checks the lines of a segment, writes its archive file, and builds the bytes that ClickHouse gets. */
parentPort?.on('message', (task: Task) => {
  const { checked, archive } = checkSegment(task)
  const sha256 = checked.rows > 0 ? writeSegment(task.archiveDir, task.path, archive) : ''
  parentPort?.postMessage({ ...checked, sha256 }, [checked.wire.buffer])
})
