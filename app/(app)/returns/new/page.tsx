import type { Metadata } from 'next'
import { firstOf, href, type SearchParams } from '@/components/filters/view-state'
import { RequestForm } from '@/components/requests/request-form'
import { PanelMessage } from '@/components/ui/panel'
import { humanize } from '@/lib/format'
import { ordersFor } from '@/lib/workflow/read/orders'
import { naming } from '../../names'
import { panelOf } from '../../panel-of'
import { WorkFrame, workAsked } from '../../work-frame'

export const metadata: Metadata = { title: 'New return' }

/** A return for a customer: find what was bought, say what comes back and why, see what the policy makes of it, create it. */
export default async function NewReturnPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/returns/new', searchParams, ['returns:create'])
  const { actor, context } = request
  const { format } = context
  const q = firstOf((await searchParams).order)?.slice(0, 200) ?? ''
  const found = q ? await panelOf(() => ordersFor(actor, q)) : null
  const orders = found?.state === 'ok' ? found.data : []
  const exact =
    orders.find(({ id }) => id.toLowerCase() === q.trim().toLowerCase()) ??
    (orders.length === 1 ? orders[0] : undefined)
  return (
    <WorkFrame asked={request} current="returns" path="/returns/new">
      <div className="mb-3 flex flex-wrap items-end justify-between gap-3">
        <h1 className="text-lg">New return</h1>
        <a className="control" href={href('/returns/new/bulk', request.state)}>
          Many at once
        </a>
      </div>
      <search>
        <form action="/returns/new" className="mb-4 flex max-w-xl gap-2">
          <input
            name="order"
            type="search"
            defaultValue={q}
            key={q}
            aria-label="Order, customer, serial or tracking number"
            placeholder="Order, customer, serial or tracking number"
            className="field grow"
          />
          <button type="submit" className="control primary">
            Find
          </button>
        </form>
      </search>
      {found && found.state !== 'ok' ? (
        <PanelMessage panel={found} links={{ retry: '/returns/new', clear: '/returns/new' }} height={160} />
      ) : exact ? (
        <section aria-labelledby="order">
          <h2 id="order" className="text-md">
            Order {exact.id}
          </h2>
          <p className="mb-2 text-sm text-muted">
            {exact.customerId ? `Customer ${exact.customerId}, ` : ''}
            {naming(null)('channel', exact.channel)}, sold {format.dated(exact.soldAt)}.{' '}
            {exact.returns.map(({ id, overall }) => (
              <span key={id}>
                <a className="link" href={`/returns/${encodeURIComponent(id)}`}>
                  {id}
                </a>{' '}
                {humanize(overall).toLowerCase()}.{' '}
              </span>
            ))}
          </p>
          <RequestForm key={exact.id} order={exact} />
        </section>
      ) : orders.length > 0 ? (
        <ul className="border-b border-line text-sm">
          {orders.map((order) => (
            <li key={order.id} className="border-t border-line">
              <a
                className="block py-2 hover:bg-panel"
                href={`/returns/new?${new URLSearchParams({ order: order.id })}`}
              >
                <span className="link font-medium">{order.id}</span>{' '}
                <span className="text-muted">
                  {order.customerId ? `${order.customerId}, ` : ''}
                  {naming(null)('channel', order.channel)}, {format.dated(order.soldAt)}
                </span>
                <span className="block text-xs text-muted">
                  {order.lines.map(({ name, sku, quantity }) => `${quantity} × ${name || sku}`).join(', ')}
                </span>
              </a>
            </li>
          ))}
        </ul>
      ) : q ? (
        <p className="border-y border-line py-6 text-sm text-muted">
          Nothing was sold under “{q}”. Try the customer, the serial on the product, or the tracking number of the
          parcel.
        </p>
      ) : (
        <p className="text-sm text-muted">
          A parcel without any of these is received at the station as unmatched, and matched there later.
        </p>
      )}
    </WorkFrame>
  )
}
