import { createHash } from 'node:crypto'
import { asObjects, type Statement } from './batch'

/**
 * A statement of the code's own, with its rows as objects unless they are read otherwise. Its name follows from its text, so that the same text is
 * the same statement everywhere. The text is a constant of the program: every connection keeps each one that it has ever seen.
 */
export const statement = (text: string, readerOf: Statement['readerOf'] = asObjects): Statement => ({
  name: createHash('sha256').update(text).digest('base64url').slice(0, 20),
  text,
  readerOf,
})
