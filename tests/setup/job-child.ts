/** One job in a process of its own, which a failpoint may kill: a command, or a round of payments. Answers with a line of JSON. */
import { text } from 'node:stream/consumers'
import type { Actor } from '../../lib/auth/actor'
import { permissionsOf } from '../../lib/auth/permissions'
import { closeDatabase } from '../../lib/db/client'
import { stripe } from '../../lib/payments/stripe'
import { execute } from '../../lib/workflow/execute'
import { commandNamed } from '../../lib/workflow/registry'
import { payOnce } from '../../lib/workflow/settlements/pay'

export type Job =
  | {
      readonly kind: 'command'
      readonly actor: Omit<Actor, 'permissions'>
      readonly name: string
      readonly input: unknown
      readonly id: string
      readonly at: string
    }
  | { readonly kind: 'pay'; readonly url: string; readonly at: string }

const { failpoint, job }: { failpoint: string; job: Job } = JSON.parse(await text(process.stdin))
process.env.FAILPOINT = failpoint
const command = job.kind === 'command' ? commandNamed(job.name) : undefined
if (job.kind === 'pay') await payOnce(stripe({ key: 'k', url: job.url }), new Date(job.at))
else if (command) {
  const actor = { ...job.actor, permissions: permissionsOf(job.actor.roles) }
  await execute(actor, command, job.input, job.id, new Date(job.at))
}
await closeDatabase()
console.log('done')
