import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const secret = z.string().min(32)
const shape = z.object({ postgres: secret, clickhouseWeb: secret, clickhouseIngest: secret, application: secret })

/** The random secrets of one installation; `application` is BACKHAUL_SECRET unless that is given. */
export type Secrets = z.infer<typeof shape>

/** Reads the installation's secrets, made on the first start. Only their owner may read the file. */
export function installationSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json')
  if (existsSync(file)) {
    chmodSync(file, 0o600)
    return shape.parse(JSON.parse(readFileSync(file, 'utf8')))
  }
  const random = () => randomBytes(32).toString('base64url')
  const secrets: Secrets = {
    postgres: random(),
    clickhouseWeb: random(),
    clickhouseIngest: random(),
    application: random(),
  }
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
  return secrets
}
