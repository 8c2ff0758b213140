import { findChromium } from '../chromium'
import { noArguments } from '../command-arguments'
import { examine } from '../doctor'

export const summary = 'says what is wrong with this installation and how to mend it'

export const usage = `doctor

Looks at everything that an installation rests on and says how to mend what is wrong. It takes no arguments and changes nothing.
Exit code 0: all is in order; 1: something is to mend.`

/** Prints a line for each thing looked at; 1 when something is wrong. */
export async function run(args: readonly string[] = []): Promise<number> {
  noArguments(args, usage)
  const findings = [
    ...(await examine()),
    { what: 'Chromium', found: findChromium() ?? 'not here; only the tests need it, and npm test installs it' },
  ]
  const width = Math.max(...findings.map(({ what }) => what.length))
  for (const finding of findings) {
    const mend = 'mend' in finding ? finding.mend : undefined
    console.log(`${mend ? 'wrong' : 'ok   '}  ${finding.what.padEnd(width)}  ${finding.found}`)
    if (mend) console.log(`       ${' '.repeat(width)}  → ${mend}`)
  }
  const wrong = findings.filter((finding) => 'mend' in finding && finding.mend).length
  console.log(wrong === 0 ? '\nEverything is in order.' : `\n${wrong} to mend.`)
  return wrong === 0 ? 0 : 1
}
