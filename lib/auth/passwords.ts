import { hash, verify } from '@node-rs/argon2'
import { UserError } from '../errors'

/** argon2id at the OWASP floor: 19 MiB, two passes, one lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const SHORTEST = 12
const LONGEST = 256
/** Hashing is heavy on purpose: so many at once, so many waiting, then "try again". */
const AT_ONCE = 4
const WAITING = 32

let running = 0
const queue: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (queue.length >= WAITING)
      throw new UserError('busy', 'Too many people sign in at this moment. Try again in a few seconds.', 429)
    await new Promise<void>((resolve) => queue.push(resolve))
  }
  running += 1
  try {
    return await work()
  } finally {
    running -= 1
    queue.shift()?.()
  }
}

/** Throws a UserError for a password that is too short or too long; any character is allowed. */
export function checkNewPassword(password: string): void {
  const length = [...password].length
  if (length < SHORTEST || length > LONGEST) {
    throw new UserError('password_length', `A password has ${SHORTEST} to ${LONGEST} characters.`, 400, 'password')
  }
}

export const hashPassword = (password: string): Promise<string> =>
  inTurn(() => hash(password.normalize('NFC'), OPTIONS))

/** The hash of nobody's password: verifying against it makes an unknown account take as long as a known one. */
let nobody: Promise<string> | undefined

/** Whether the password fits; without a stored hash it does the same work and says no. */
export async function passwordFits(stored: string | null | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword('a password that nobody has, of some length')
  const against = stored ?? (await nobody)
  const fits = await inTurn(() => verify(against, password.slice(0, LONGEST * 4).normalize('NFC')))
  return fits && stored !== null && stored !== undefined
}

/** A hash made with weaker settings than today's is replaced at the next sign-in. */
export const needsRehash = (stored: string): boolean =>
  !stored.includes(`m=${OPTIONS.memoryCost},t=${OPTIONS.timeCost},p=${OPTIONS.parallelism}`)
