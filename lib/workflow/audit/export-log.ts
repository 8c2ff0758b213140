import { type ExportAsked, exportLog } from '../../audit/export'
import { type Actor, authorize } from '../../auth/actor'
import { untimed, withTransaction } from '../../db/client'
import { doerOf } from '../execute'
import { audit } from '../record/audit'
import { orWriteRefusal } from '../refusals'

/** The log as a stream of bytes for whoever may take it away; that they did is an entry of the log itself. */
export async function logAsStream(actor: Actor, asked: ExportAsked): Promise<ReadableStream<Uint8Array>> {
  await orWriteRefusal(actor, 'audit.export', async () => authorize(actor, 'audit:verify'))
  await withTransaction((tx) =>
    audit(tx, doerOf(actor), new Date(), [
      {
        ...{ action: 'audit.exported', objectType: 'audit', objectId: asked.rmaId ?? 'log', rmaId: asked.rmaId ?? '' },
        diff: { from: [null, asked.from?.toISOString() ?? null], until: [null, asked.until?.toISOString() ?? null] },
      },
    ]),
  )
  const client = await untimed()
  const lines = exportLog(client, asked)
  const end = async () => {
    await lines.return(undefined)
    client.release(true)
  }
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await lines.next()
        if (!done) return controller.enqueue(new TextEncoder().encode(value))
        await end()
        controller.close()
      } catch (error) {
        await end()
        controller.error(error)
      }
    },
    cancel: end,
  })
}
