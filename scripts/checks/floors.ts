/** Refuses a lock file with a package below the version that fixed its last known hole; there is no advisory service to ask everywhere. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** Floor and why. Raise them as advisories come; never lower them. */
const FLOORS: Record<string, readonly [floor: string, why: string]> = {
  next: ['16.3.3', 'remote code execution in the image optimiser (GHSA-2xp9-vwfh-vxw4)'],
  react: ['19.2.6', 'denial of service and source exposure in server functions'],
  'react-dom': ['19.2.6', 'as react'],
  'next-auth': ['4.24.15', 'homoglyph addresses (GHSA-7rqj-j65f-68wh), token parsing'],
  sharp: ['0.32.6', 'libwebp: writes beyond its buffer (CVE-2023-4863)'],
  'drizzle-orm': ['0.45.2', 'injection through dynamic identifiers (CVE-2026-39356)'],
}

const lock = z.object({ packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })) })
const { packages } = lock.parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')))

const numbers = (version: string) => version.split('-')[0]?.split('.').map(Number) ?? []
const below = (version: string, floor: string) => {
  const [have, need] = [numbers(version), numbers(floor)]
  const at = need.findIndex((part, index) => part !== (have[index] ?? 0))
  return at !== -1 && (have[at] ?? 0) < (need[at] ?? 0)
}

let failed = false
for (const [path, { version }] of Object.entries(packages)) {
  const name = path.split('node_modules/').at(-1) ?? ''
  const [floor, why] = FLOORS[name] ?? []
  if (!floor || !why || !version || !below(version, floor)) continue
  console.error(`${path} is ${version}, below ${floor}: ${why}`)
  failed = true
}
process.exit(failed ? 1 : 0)
