import { parse } from 'csv-parse'
import { UserError } from '../../lib/errors'
import { contentOf, type Input } from '../import/inputs'

/**
 * The rows of a CSV file, the header first, each as its cells; rows may differ in length. `onRead` hears how many bytes of the file have
 * been read. Throws a UserError where the text is no CSV, such as a quote that is never closed.
 */
export async function* rowsOf(input: Input, onRead: (bytes: number) => void): AsyncGenerator<string[]> {
  const parser = parse({ bom: true, relax_column_count: true, skip_empty_lines: true })
  const feeding = (async () => {
    for await (const chunk of contentOf(input, onRead)) {
      // The parser may still hold a chunk when the next is read into the same memory.
      if (!parser.write(Buffer.from(chunk))) await new Promise((resolve) => parser.once('drain', resolve))
    }
    parser.end()
  })()
  feeding.catch((error: Error) => parser.destroy(error))
  try {
    yield* parser
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error)) throw error
    throw new UserError('import_csv', `${input.path} is no CSV: ${error.message}`, 400, 'files')
  }
}
