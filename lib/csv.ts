import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CSV_START, type CsvValue, csvLine } from './csv-line'

export { CSV_TYPE, type CsvValue } from './csv-line'

/** An export whose rows lie in a file, read to the end: what its head must say is known before its first byte is sent. */
export interface Spool {
  count: number
  /** Head lines (name and value) and an empty line where there are any, then the file; which goes when it was read or the reader left. */
  stream(head: readonly [string, CsvValue][]): ReadableStream<Uint8Array>
}

/**
 * Writes column names and rows to a temporary file. An export is complete or fails aloud: what breaks off here throws, and
 * nothing has been sent.
 */
export async function spoolCsv(
  columns: readonly string[],
  pages: AsyncIterable<readonly (readonly CsvValue[])[]>,
): Promise<Spool> {
  const folder = await mkdtemp(join(tmpdir(), 'backhaul-export-'))
  const drop = () => rm(folder, { recursive: true, force: true })
  const path = join(folder, 'rows.csv')
  let count = 0
  const lines = async function* () {
    yield csvLine(columns)
    for await (const page of pages) {
      count += page.length
      yield page.map(csvLine).join('')
    }
  }
  try {
    await pipeline(Readable.from(lines()), createWriteStream(path))
  } catch (error) {
    await drop()
    throw error
  }
  return { count, stream: (head) => webStream(whole(head, path), drop) }
}

async function* whole(head: readonly [string, CsvValue][], path: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(head.length === 0 ? CSV_START : `${CSV_START}${head.map(csvLine).join('')}\r\n`)
  for await (const chunk of createReadStream(path)) yield chunk
}

function webStream(bytes: AsyncGenerator<Uint8Array>, ended: () => Promise<void>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await bytes.next()
      if (!done) return controller.enqueue(value)
      await ended()
      controller.close()
    },
    async cancel() {
      await bytes.return(undefined)
      await ended()
    },
  })
}
