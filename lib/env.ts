import { resolve } from 'node:path'
import { z } from 'zod'

const flag = (fallback: '0' | '1') =>
  z
    .enum(['0', '1'])
    .default(fallback)
    .transform((value) => value === '1')
const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback)

/** Every setting there is. Documented in README.md in this order; nothing else reads `process.env`. */
const settings = z.object({
  PORT: port(3000),
  INGEST_PORT: port(3001),
  BACKHAUL_HOST: z.string().default('127.0.0.1'),
  BACKHAUL_DATA: z.string().default('.data'),
  BACKHAUL_DEMO: flag('1'),
  BACKHAUL_LIVE: flag('1'),
  BACKHAUL_DEMO_SCALE: z.coerce.number().positive().max(100).default(1),
  BACKHAUL_URL: z.url().optional(),
  BACKHAUL_PROXIES: z.coerce.number().int().min(0).max(9).default(0),
  BACKHAUL_SECRET: z.string().min(32).optional(),
  BACKHAUL_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('EUR'),
  BACKHAUL_TZ: z.string().default('Europe/Berlin'),
  BACKHAUL_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  DATABASE_URL: z.string().optional(),
  CLICKHOUSE_URL: z.string().optional(),
  CLICKHOUSE_READ_URL: z.string().optional(),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_API_URL: z.url().optional(),
  BACKHAUL_EVIDENCE: z.string().optional(),
  BACKHAUL_AUDIT_KEY: z.string().optional(),
  BACKHAUL_AUDIT_ANCHORS: z.string().optional(),
  FAILPOINT: z.string().optional(),
})

export type Env = z.infer<typeof settings>

/** Parses an environment; throws one error that lists every setting that cannot be read and why. */
export function readEnv(source: Record<string, string | undefined>): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const parsed = settings.safeParse(present)
  if (parsed.success) return { ...parsed.data, BACKHAUL_DATA: resolve(parsed.data.BACKHAUL_DATA) }
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`Settings that cannot be read (see "Settings" in README.md):\n${lines.join('\n')}`)
}

let cached: Env | undefined

/** The settings of this process, parsed once on first use. */
export function env(): Env {
  cached ??= readEnv(process.env)
  return cached
}

/** Forgets what was read: for a command or a test that has just learnt its addresses and set them. */
export function rereadEnv(): void {
  cached = undefined
}

/** The two database addresses; whoever starts the process sets them (`npm start` does, for embedded servers). */
export function required(name: 'DATABASE_URL' | 'CLICKHOUSE_URL' | 'BACKHAUL_SECRET'): string {
  const value = env()[name]
  if (!value) throw new Error(`${name} is not set. "npm start" sets it; when starting a part alone, set it yourself.`)
  return value
}
