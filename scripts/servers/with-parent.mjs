/**
 * Preloaded (`node --import`) into every Node process that the supervisor starts: when the pipe on standard input closes,
 * the parent is gone, however it died, and this process ends too. Plain JavaScript, because `next start` runs without tsx.
 * Workers that such a process starts inherit the flag but not the parent (`next dev` has some): they are left alone.
 */
const PATIENCE_MS = 10_000

const parentIsGone = () => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), PATIENCE_MS).unref()
}
const supervisor = process.env.BACKHAUL_SUPERVISOR
if (supervisor === undefined || supervisor === String(process.ppid)) watchParent()

function watchParent() {
  process.stdin.once('end', parentIsGone).once('error', parentIsGone).resume()
  process.stdin.unref?.()
}
