import { hash, verify } from '@node-rs/argon2'
import { UserError } from '../errors'
import { whyGuessable } from './guessable'

/** argon2id at the OWASP floor: 19 MiB, two passes, one lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const PREFIX = `$argon2id$v=19$m=${OPTIONS.memoryCost},t=${OPTIONS.timeCost},p=${OPTIONS.parallelism}$`
export const SHORTEST_PASSWORD = 12
const LONGEST = 256
/** Hashing is heavy on purpose: so many at once, so many waiting, then "try again". */
const AT_ONCE = 4
const WAITING = 32

let running = 0
const queue: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < AT_ONCE) running += 1
  else if (queue.length >= WAITING) {
    throw new UserError('busy', 'Too many people are signing in at this moment. Try again in a few seconds.', 429)
  } else await new Promise<void>((resolve) => queue.push(resolve))
  try {
    return await work()
  } finally {
    // The place is handed on, not given up: nobody can slip in between.
    const next = queue.shift()
    if (next) next()
    else running -= 1
  }
}

/**
 * Throws a UserError for a password that is too short, too long or easily guessed; any character is allowed. `about` is what others know of
 * the person: their name, their address.
 */
export function checkNewPassword(password: string, about: readonly string[] = []): void {
  const length = [...password.normalize('NFC')].length
  if (length < SHORTEST_PASSWORD || length > LONGEST) {
    const message = `A password has ${SHORTEST_PASSWORD} to ${LONGEST} characters.`
    throw new UserError('password_length', message, 400, 'password')
  }
  const reason = whyGuessable(password, about)
  if (reason) throw new UserError('password_guessable', `Choose another password: ${reason}.`, 400, 'password')
}

export const hashPassword = (password: string): Promise<string> =>
  inTurn(() => hash(password.normalize('NFC'), OPTIONS))

/** The hash of a random password that was thrown away: verifying against it makes an unknown account take as long as a known one. */
export const NOBODY = `${PREFIX}8wYpxrgL5r107S+VqavPlQ$C51r4Ht1nCttxnVxzmlr4HnLzwWKEayzyCK+wwGCpxQ`

/** Whether the password fits; without a stored hash it does the same work and says no. Throws a UserError (429) when too many wait. */
export async function passwordFits(stored: string | null | undefined, password: string): Promise<boolean> {
  const fits = await inTurn(() => verify(stored ?? NOBODY, password.slice(0, LONGEST * 4).normalize('NFC')))
  return fits && stored !== null && stored !== undefined
}

/** A hash made with other settings than today's is replaced at the next sign-in. */
export const needsRehash = (stored: string): boolean => !stored.startsWith(PREFIX)
