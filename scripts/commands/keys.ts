import { createKey, KEY_SCOPES, listKeys, revokeKey } from '../../lib/auth/api-keys'
import { UserError } from '../../lib/errors'
import { commandArguments, noArguments } from '../command-arguments'
import { withInstallation } from '../installation'

export const summary =
  'API keys: keys create --scopes events:write,metrics:read --source "/*" | keys list | keys revoke ID'

export const usage = `keys create --scopes SCOPES [--source PATTERN]… [--name NAME] [--days DAYS]
keys list
keys revoke ID

SCOPES   separated by commas: ${KEY_SCOPES.join(', ')}
PATTERN  a source such as /shopify/acme-us, or a prefix with a trailing *, such as '/*' (every source but Backhaul's own
         below /backhaul/, which have to be named one by one; the default)
DAYS     how long the key lives, 1 to 400 (the default)`

const CREATE_OPTIONS = {
  scopes: { type: 'string', multiple: true, default: [] as string[] },
  source: { type: 'string', multiple: true, default: ['/*'] as string[] },
  name: { type: 'string' },
  days: { type: 'string' },
} as const

const list = (values: readonly string[]) =>
  values
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')

async function create(args: string[]): Promise<void> {
  const { values } = commandArguments({ args, options: CREATE_OPTIONS }, usage)
  const made = await withInstallation(() =>
    createKey({
      scopes: list(values.scopes),
      sources: list(values.source),
      name: values.name,
      days: values.days === undefined ? undefined : Number(values.days),
    }),
  )
  console.error(`Key ${made.id}, until ${made.expiresAt.toISOString().slice(0, 10)}. It is shown this once:`)
  console.log(made.key)
}

async function show(args: string[]): Promise<void> {
  noArguments(args, usage)
  const keys = await withInstallation(listKeys)
  const now = Date.now()
  for (const key of keys) {
    const state = key.revokedAt ? 'revoked' : key.expiresAt.getTime() <= now ? 'expired' : 'in force'
    const used = key.lastUsedAt?.toISOString().slice(0, 16) ?? 'never'
    console.log(
      `${key.id}  ${state.padEnd(8)}  until ${key.expiresAt.toISOString().slice(0, 10)}  used ${used.padEnd(16)}  ` +
        `${key.scopes.join(',')}  ${key.sources.join(' ')}  ${key.name}`,
    )
  }
  if (keys.length === 0) console.error('There is no key yet.')
}

/** `npm run backhaul -- keys …`. A new key is the last line of standard output. */
export async function run([action, ...args]: string[]): Promise<number> {
  if (action === 'create') await create(args)
  else if (action === 'list') await show(args)
  else if (action === 'revoke' && args[0]) {
    const [id, ...more] = args
    noArguments(more, usage)
    await withInstallation(() => revokeKey(id))
    console.log(`Key ${id} is revoked.`)
  } else throw new UserError('usage', usage)
  return 0
}
