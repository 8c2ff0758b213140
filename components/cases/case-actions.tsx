import { humanize } from '@/lib/format'
import { checklistOf } from '@/lib/returns/checklist'
import { CONDITIONS, DISPOSITIONS, FINAL_STATUSES, FINDINGS } from '@/lib/returns/codes'
import type { CaseAction, CaseView } from '@/lib/workflow/read/cases-types'
import { type ActionField, ActionForm } from '../work/action-form'

const options = (codes: readonly string[]) => codes.map((value) => ({ value, label: humanize(value) }))
const REASON: ActionField = { name: 'reason', label: 'Why', kind: 'long', required: true }

/** What each action wants to be told; what is not here wants nothing. */
function fieldsOf(command: string, category: string): readonly ActionField[] {
  switch (command) {
    case 'return.reject':
    case 'return.cancel':
      return [REASON]
    case 'return.authorize':
      return [{ ...REASON, required: false, label: 'Why (optional)' }]
    case 'return.label':
      return [
        { name: 'carrier', label: 'Carrier', kind: 'text', required: true },
        { name: 'trackingNumber', label: 'Tracking number', kind: 'text', required: true },
        { name: 'expectedAt', label: 'Expected', kind: 'datetime' },
      ]
    case 'unit.receive':
      return [
        { name: 'quantity', label: 'Pieces that came', kind: 'number', required: true },
        { name: 'condition', label: 'Condition at the dock', kind: 'select', options: options(CONDITIONS) },
        { name: 'serial', label: 'Serial', kind: 'text' },
      ]
    case 'unit.inspect':
      return [
        { name: 'condition', label: 'Condition', kind: 'select', options: options(CONDITIONS), required: true },
        { name: 'finding', label: 'Finding', kind: 'select', options: options(FINDINGS), required: true },
        { name: 'serial', label: 'Serial', kind: 'text' },
        ...checklistOf(category).map(
          ({ id, question }): ActionField => ({
            name: id,
            label: question,
            kind: 'select',
            required: true,
            options: [
              { value: 'yes', label: 'Yes' },
              { value: 'no', label: 'No' },
            ],
          }),
        ),
      ]
    case 'unit.dispose':
      return [
        {
          name: 'disposition',
          label: 'As the rule proposes',
          kind: 'select',
          options: options(DISPOSITIONS),
          required: true,
        },
      ]
    case 'unit.override':
      return [
        {
          name: 'disposition',
          label: 'What becomes of it',
          kind: 'select',
          options: options(DISPOSITIONS),
          required: true,
        },
        REASON,
      ]
    case 'unit.move':
      return [
        {
          name: 'to',
          label: 'To',
          kind: 'select',
          options: options(FINAL_STATUSES.filter((status) => status !== 'cancelled')),
          required: true,
        },
      ]
    default:
      return []
  }
}

/** The actions that are open to this person now, and the others greyed with the reason. */
export function CaseActions({ view, categories }: { view: CaseView; categories: ReadonlyMap<string, string> }) {
  const open = view.actions.filter(({ why }) => why === null)
  const closed = view.actions.filter(({ why }) => why !== null)
  return (
    <section aria-labelledby="may">
      <h2 id="may" className="mb-2 text-md">
        You may
      </h2>
      {open.length === 0 ? <p className="text-sm text-muted">Nothing is open to you here now.</p> : null}
      <ul className="flex flex-col gap-1.5">
        {open.map((action) => (
          <li key={`${action.command}${action.unitId ?? ''}`}>
            <Action action={action} view={view} categories={categories} />
            {action.unitId ? <span className="ml-2 text-xs text-muted">{action.unitId}</span> : null}
          </li>
        ))}
      </ul>
      {closed.length > 0 ? (
        <details className="mt-4">
          <summary className="text-sm text-muted">{closed.length} closed to you, and why</summary>
          <dl className="mt-2 grid grid-cols-1 gap-2 text-sm">
            {closed.map(({ command, title, unitId, why }) => (
              <div key={`${command}${unitId ?? ''}`} className="border-t border-line pt-1">
                <dt className="text-muted">
                  {title} {unitId ? <span className="text-xs">{unitId}</span> : null}
                </dt>
                <dd>{why}</dd>
              </div>
            ))}
          </dl>
        </details>
      ) : null}
    </section>
  )
}

function Action({
  action,
  view,
  categories,
}: {
  action: CaseAction
  view: CaseView
  categories: ReadonlyMap<string, string>
}) {
  const unit = view.units.find(({ id }) => id === action.unitId)
  const category = unit ? (categories.get(unit.id) ?? '') : ''
  const fields = fieldsOf(action.command, category).map((field) =>
    field.name === 'quantity' && unit ? { ...field, value: String(unit.quantity) } : field,
  )
  const inspects = action.command === 'unit.inspect'
  const given = action.unitId
    ? {
        unitId: action.unitId,
        ...(action.command === 'unit.receive' && unit?.facility ? { facility: unit.facility } : {}),
      }
    : { rmaId: view.id, version: view.version }
  return (
    <ActionForm
      command={action.command}
      title={action.title}
      button={action.title}
      fields={fields}
      given={given}
      {...(inspects ? { group: 'checklist', groupNames: checklistOf(category).map(({ id }) => id) } : {})}
    />
  )
}
