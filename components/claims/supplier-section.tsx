import { Clock, Download } from 'lucide-react'
import { ScrollRegion } from '../ui/scroll-region'
import type { BoardView, LineView, SupplierView } from './claims-view'

/** A supplier's claims at a stage: what was agreed, what it comes to, the nearest deadline first. */
export function SupplierSection({ supplier, view }: { supplier: SupplierView; view: BoardView }) {
  const picks = view.works && supplier.lines.some(({ pick }) => pick !== null)
  const head = `supplier-${supplier.id}`
  return (
    <section aria-labelledby={head} className="mb-6" data-supplier={supplier.id}>
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 pb-1">
        <h2 id={head} className="text-md">
          <a className="hover:underline" href={supplier.href}>
            {supplier.name}
          </a>
        </h2>
        <p className="text-xs text-muted">{supplier.terms}</p>
        <p className="ml-auto flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm">
          {supplier.short ? <span className="text-warn">{supplier.short}</span> : null}
          <Deadline text={supplier.when} urgent={supplier.urgent} />
          <span className="num font-medium">
            {supplier.total} <span className="font-normal text-muted">in {supplier.count}</span>
          </span>
        </p>
        {picks && supplier.all ? (
          <button
            type="button"
            className="control"
            data-all={supplier.id}
            data-sum={supplier.all.sum}
            disabled={supplier.short !== null}
          >
            {supplier.all.label}
          </button>
        ) : null}
      </div>
      <ScrollRegion label={`Claims with ${supplier.name}`} rows className="table-box">
        <table className="w-full border-separate border-spacing-0 text-sm sm:table-fixed">
          <colgroup className="max-sm:hidden">
            {picks ? <col className="w-9" /> : null}
            <col className="w-[17%]" />
            <col className="w-[12%]" />
            <col className="w-[20%]" />
            <col className="w-[17%]" />
            <col className="w-[12%]" />
            {view.columns.rest ? <col className="w-[12%]" /> : null}
            <col />
          </colgroup>
          <thead>
            <tr>
              {picks ? (
                <th scope="col" className="cell-head" aria-label="Pick">
                  <label className="grid size-6 place-items-center">
                    <span className="sr-only">Pick all of {supplier.name}</span>
                    <input type="checkbox" name="pick-all" className="size-4 accent-accent" />
                  </label>
                </th>
              ) : null}
              <th scope="col" className="cell-head cell-sticky text-left">
                {view.stage === 'eligible' || view.stage === 'missed' ? 'Unit' : 'Claim'}
              </th>
              <th scope="col" className="cell-head text-left max-sm:hidden">
                Item
              </th>
              <th scope="col" className="cell-head text-left max-sm:hidden">
                Goods
              </th>
              <th scope="col" className="cell-head text-left">
                {view.columns.when}
              </th>
              <th scope="col" className="cell-head text-right">
                {view.columns.amount}
              </th>
              {view.columns.rest ? (
                <th scope="col" className="cell-head text-right">
                  {view.columns.rest}
                </th>
              ) : null}
              <th scope="col" className="cell-head text-left max-sm:hidden">
                Note
              </th>
            </tr>
          </thead>
          <tbody>
            {supplier.lines.map((line) => (
              <Line key={line.id} line={line} picks={picks} rest={view.columns.rest !== ''} />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {supplier.more ? (
        <p className="pt-1 text-sm">
          <a className="link" href={supplier.more.href}>
            {supplier.more.label}
          </a>
        </p>
      ) : null}
    </section>
  )
}

function Line({ line, picks, rest }: { line: LineView; picks: boolean; rest: boolean }) {
  return (
    <tr tabIndex={-1} className="row">
      {picks ? (
        <td className="cell">
          {line.pick ? (
            <label className="grid size-6 place-items-center">
              <span className="sr-only">Pick {line.id}</span>
              <input
                type="checkbox"
                name="pick"
                value={line.id}
                data-supplier={line.pick.supplierId}
                data-currency={line.pick.currency}
                data-amount={line.pick.amount}
                className="size-4 accent-accent"
              />
            </label>
          ) : null}
        </td>
      ) : null}
      <th scope="row" className="cell cell-sticky text-left font-normal">
        <a className="link" href={line.href}>
          <span className="inline-block max-w-full truncate align-bottom" title={line.unit}>
            {line.unit}
          </span>
        </a>
        <span className="block max-w-36 truncate text-2xs text-muted sm:hidden">{line.sku}</span>
      </th>
      <td className="cell text-left max-sm:hidden">{line.sku}</td>
      <td className="cell text-left max-sm:hidden">
        {line.status} <span className="text-muted">{line.place}</span>
      </td>
      <td className="cell text-left">
        <Deadline text={line.when} urgent={line.urgent} />
      </td>
      <td className="cell text-right">{line.amount}</td>
      {rest ? <td className="cell text-right">{line.rest}</td> : null}
      <td className="cell text-left text-muted max-sm:hidden">
        <span className="inline-block max-w-full truncate align-bottom" title={line.note}>
          {line.note}
        </span>
      </td>
    </tr>
  )
}

/** Urgent is said by a sign and the word beside it, never by colour alone. */
function Deadline({ text, urgent }: { text: string; urgent: boolean }) {
  if (!urgent) return <span className="num text-muted">{text}</span>
  return (
    <span className="num inline-flex items-center gap-1 text-warn">
      <Clock size={12} strokeWidth={2} aria-hidden="true" className="shrink-0" />
      <span className="sr-only">Ends soon: </span>
      {text}
    </span>
  )
}

/** Which supplier, and the list as a file. */
export function ClaimTools({ view, action }: { view: BoardView; action: string }) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <form action={action} data-auto className="flex items-center gap-2">
        <input type="hidden" name="stage" value={view.stage} />
        <label className="text-xs text-muted">
          <span className="sr-only">Supplier</span>
          <select name="supplier" defaultValue={view.filter.current} className="field max-w-56">
            <option value="">All suppliers</option>
            {view.filter.known.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <noscript>
          <button type="submit" className="control">
            Show
          </button>
        </noscript>
      </form>
      {view.csv ? (
        <a href={view.csv} download data-csv className="control border-transparent px-1.5 text-muted">
          <Download size={16} strokeWidth={1.5} aria-hidden="true" />
          CSV
        </a>
      ) : null}
    </div>
  )
}
