/**
 * Preloaded (`node --import`) into every Node process that the supervisor starts: when the pipe on standard input closes,
 * the parent is gone, however it died, and this process ends too. Plain JavaScript, because `next start` runs without tsx.
 */
const PATIENCE_MS = 10_000

const parentIsGone = () => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), PATIENCE_MS).unref()
}
process.stdin.once('end', parentIsGone).once('error', parentIsGone).resume()
process.stdin.unref?.()
