import { findChromium } from '../chromium'
import { examine } from '../doctor'

export const summary = 'says what is wrong with this installation and how to mend it'

/** Prints a line for each thing looked at; 1 when something is wrong. */
export async function run(): Promise<number> {
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
