/**
 * Passwords that attackers try first. Long ones are rare in leaked lists and nearly all follow a few patterns: a common word drawn out with
 * digits, a walk over the keyboard, a repetition, or what everyone knows of the person. These are refused by pattern, without a network.
 */
const COMMON_WORDS = new Set(
  `abc admin administrator baseball basketball batman changeme charlie chelsea computer daniel default dragon flower football freedom
  ginger guest hannah hello hunter iloveyou jennifer jessica jordan killer letmein liverpool login london lovely master michael michelle
  monkey mustang nicole passw0rd passwort password pokemon princess qwerty qwertz secret shadow starwars summer sunshine superman temp
  test thomas tigger trustno1 user welcome whatever winter backhaul returns warehouse company manager spring autumn january february
  march april june july august september october november december monday friday`.split(/\s+/),
)
const WALKS = [
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
]
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz'
const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

const backwards = (text: string) => [...text].reverse().join('')
const TRACKS = [...WALKS, ALPHABET].flatMap((track) => [track, backwards(track)])

/** Why a password is easily guessed, as the end of a sentence; undefined when it is not. `about`: the person's name and address. */
export function whyGuessable(password: string, about: readonly string[] = []): string | undefined {
  const plain = password.normalize('NFKC').toLowerCase()
  if (new Set(plain).size < 5) return 'this one repeats a few characters'
  if (repeats(plain)) return 'this one repeats itself'
  const letters = plain.replaceAll(/[^a-z0-9]/g, '')
  if (TRACKS.some((track) => walked(letters, track))) return 'this one follows the keyboard or the alphabet'
  const word = core(plain)
  if (COMMON_WORDS.has(word) || COMMON_WORDS.has(unleet(word))) return 'this one is a common word with some digits'
  const known = about.flatMap((text) => [text, ...text.split(/[\s@]+/), ...text.split(/[^\p{L}\p{N}]+/u)])
  if (known.some((text) => text.length > 2 && core(text.toLowerCase()) === word)) {
    return 'this one is your own name or address'
  }
  return undefined
}

/** What is left without digits and signs around it. */
const core = (text: string) => text.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
const unleet = (text: string) => [...text].map((char) => LEET[char] ?? char).join('')
/** "abcabcabc": one piece of at most ten characters, again and again. */
const repeats = (text: string) => /^(.{1,10}?)\1+.{0,5}$/u.test(text)
/** Whether all but a few characters are steps along one track. */
function walked(text: string, track: string): boolean {
  let longest = 0
  for (let from = 0; from < text.length; from += 1) {
    let to = from + 1
    while (to <= text.length && track.includes(text.slice(from, to))) to += 1
    longest = Math.max(longest, to - 1 - from)
  }
  return longest >= 8 && text.length - longest <= 4
}
