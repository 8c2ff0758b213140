/**
 * `npm test`: installs what it lacks, then every check there is, each timed; goes on after a failure, so that one run
 * shows all of them. The last line is `N passed, N failed`.
 *
 *   npm test
 *   npm test -- --only unit lib/money.test.ts     one step (or several: unit,integration), with arguments for its runner
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChromium } from './chromium'
import { duration } from './start/progress'
import { runCommand } from './test/command'
import { type Counts, readPlaywrightCounts, readVitestCounts } from './test/counts'

interface Step {
  readonly name: string
  /** Runs it; its counts, or undefined when it counts as one check that passes or fails with the exit code. */
  readonly run: (folder: string, args: readonly string[]) => Promise<{ code: number; counts?: Counts | undefined }>
}

const bin = (name: string) => join('node_modules', '.bin', name)

/** A check that is one command (or several, one after the other) and either passes or fails. */
const check = (name: string, ...commands: string[][]): Step => ({
  name,
  run: async () => {
    for (const [command = '', ...args] of commands) {
      const code = await runCommand(command, args, { quiet: true })
      if (code !== 0) return { code }
    }
    return { code: 0 }
  },
})

const vitest = (project: 'unit' | 'integration'): Step => ({
  name: project,
  run: async (folder, args) => {
    const report = join(folder, `${project}.json`)
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const code = await runCommand(bin('vitest'), [
      'run',
      '--project',
      project,
      '--passWithNoTests=false',
      ...reporters,
      ...args,
    ])
    return { code, counts: readVitestCounts(readReport(report)) }
  },
})

const browser: Step = {
  name: 'e2e',
  run: async (folder, args) => {
    const report = join(folder, 'e2e.json')
    const executable = ensureChromium(console.log)
    const code = await runCommand(bin('playwright'), ['test', '--reporter=list,json', ...args], {
      env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, BACKHAUL_CHROMIUM: executable },
    })
    return { code, counts: readPlaywrightCounts(readReport(report)) }
  },
}

const STEPS: readonly Step[] = [
  check('format', [bin('biome'), 'check', '--no-errors-on-unmatched', '.']),
  check('lint', [bin('oxlint')]),
  check('types', [bin('next'), 'typegen'], [bin('tsc'), '--noEmit']),
  check('boundaries', [process.execPath, '--import', 'tsx', 'scripts/checks/boundaries.ts']),
  check('dead code', [bin('knip')]),
  check('floors', [process.execPath, '--import', 'tsx', 'scripts/checks/floors.ts']),
  check('generated', [process.execPath, '--import', 'tsx', 'scripts/generate.ts', '--check']),
  vitest('unit'),
  vitest('integration'),
  browser,
]

function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** The steps that `--only` names, else all; and the arguments that are for their runners. */
function chosen(args: readonly string[]): { steps: readonly Step[]; rest: readonly string[] } {
  const at = args.indexOf('--only')
  if (at < 0) return { steps: STEPS, rest: args }
  const names = (args[at + 1] ?? '').split(',')
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name))
  if (unknown.length > 0) {
    console.error(`No step "${unknown.join(', ')}". There are: ${STEPS.map(({ name }) => name).join(', ')}`)
    process.exit(1)
  }
  return {
    steps: STEPS.filter(({ name }) => names.includes(name)),
    rest: args.filter((_, i) => i !== at && i !== at + 1),
  }
}

const { steps, rest } = chosen(process.argv.slice(2))
const folder = mkdtempSync(join(tmpdir(), 'backhaul-results-'))
const table: string[] = []
const total = { passed: 0, failed: 0 }
for (const step of steps) {
  console.log(`\n── ${step.name}`)
  const began = Date.now()
  let result: { code: number; counts?: Counts | undefined }
  try {
    result = await step.run(folder, rest)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    result = { code: 1 }
  }
  const counts = result.counts ?? { passed: 0, failed: 0 }
  // A runner that fails without a failing test (a crash, a set-up, a file that cannot be loaded) is a failure too.
  const failed = result.code === 0 ? counts.failed : Math.max(1, counts.failed)
  const passed = result.counts ? counts.passed : failed === 0 ? 1 : 0
  total.passed += passed
  total.failed += failed
  const tally = `${passed} passed, ${failed} failed`
  table.push(
    `${failed === 0 ? '✓' : '✗'} ${step.name.padEnd(12)} ${duration(Date.now() - began).padStart(12)}  ${tally}`,
  )
}
rmSync(folder, { recursive: true, force: true })
console.log(`\n${table.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1
