/**
 * The one entry of every npm command, in plain JavaScript because nothing may be installed yet: installs what
 * package-lock.json names when that has not happened, then runs the command. What it says goes to standard error, so
 * that standard output is the command's own answer.
 *
 *   node scripts/bootstrap.mjs start|dev|test|import|bench|chaos|backhaul [arguments]
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const COMMANDS = {
  start: 'scripts/start.ts',
  dev: 'scripts/dev.ts',
  test: 'scripts/test.ts',
  import: 'scripts/import.ts',
  bench: 'scripts/bench.ts',
  chaos: 'scripts/chaos.ts',
  backhaul: 'scripts/backhaul.ts',
}
const OLDEST_NODE = [20, 12]
const STAMP = join(ROOT, 'node_modules/.backhaul-lock')

const say = (text) => process.stderr.write(`${text}\n`)

function refuse(text) {
  say(text)
  process.exit(1)
}

/**
 * Runs a program in our place: our streams, our signals, its exit code. The fourth stream is a channel that closes with
 * us, so that `start` notices when we are killed.
 */
function run(command, args, stdio) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio })
    const watch = npmIsGone(() => child.kill('SIGTERM'))
    // Ctrl-C reaches the child from the terminal; a signal sent to us alone has to be handed on.
    const forward = (signal) => child.kill(signal)
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, forward)
    child.once('error', (error) => {
      say(`${command} cannot be started: ${error.message}`)
      resolve({ code: 127, signal: null })
    })
    child.once('exit', (code, signal) => {
      clearInterval(watch)
      for (const each of signals) process.removeListener(each, forward)
      resolve({ code, signal })
    })
  })
}

/** npm may be killed without a word; whoever started us through it means to end us. */
function npmIsGone(then) {
  const ancestors = () => [process.ppid, parentOf(process.ppid)].join()
  const first = ancestors()
  const viaNpm = process.env.npm_lifecycle_event !== undefined
  return setInterval(() => {
    if (viaNpm && ancestors() !== first) then()
  }, 1000)
}

/** npm runs us in a shell, so that npm is the parent's parent. Unknown where there is no /proc. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
  } catch {
    return undefined
  }
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex')

/** What npm itself wrote down on its last install; equal to the lock file's packages when nothing changed since. */
function installed() {
  if (!existsSync(join(ROOT, 'node_modules/tsx/package.json'))) return false
  if (existsSync(STAMP)) return readFileSync(STAMP, 'utf8') === lockHash()
  const hidden = join(ROOT, 'node_modules/.package-lock.json')
  if (!existsSync(hidden)) return false
  const have = JSON.parse(readFileSync(hidden, 'utf8')).packages
  const want = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages
  return Object.entries(want).every(
    ([path, entry]) =>
      path === '' || entry.optional || entry.peer || entry.extraneous || have[path]?.version === entry.version,
  )
}

async function install() {
  if (installed()) {
    if (!existsSync(STAMP)) writeFileSync(STAMP, lockHash())
    return
  }
  const began = Date.now()
  say('Installing packages (npm install) …')
  const npm = process.env.npm_execpath
  // Standard output is the command's own: npm writes to standard error.
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  const { code } = await run(command, [...first, 'install', '--no-audit', '--no-fund'], ['inherit', 2, 'inherit'])
  if (code !== 0) refuse('npm install failed, see above. Nothing was started.')
  writeFileSync(STAMP, lockHash())
  say(`Packages installed in ${((Date.now() - began) / 1000).toFixed(1)} s`)
}

const [name = '', ...args] = process.argv.slice(2)
if (!Object.hasOwn(COMMANDS, name)) refuse(`Unknown command "${name}". Known: ${Object.keys(COMMANDS).join(', ')}`)
const script = COMMANDS[name]
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  refuse(`Node.js ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`)
}
await install()
if (!existsSync(join(ROOT, script))) refuse(`"${name}" is not in this version (${script} is missing).`)

const { code, signal } = await run(
  process.execPath,
  ['--import', 'tsx', script, ...args],
  ['inherit', 'inherit', 'inherit', 'ipc'],
)
process.exitCode = code ?? 128 + ({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGKILL: 9 }[signal] ?? 1)
