import { beforeAll, describe, expect, it } from 'vitest'
import { EVERYTHING } from '../../lib/auth/actor'
import { pool } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { execute } from '../../lib/workflow/execute'
import { caseOf, unitOf } from '../../lib/workflow/read/case'
import { caseNews } from '../../lib/workflow/read/case-timeline'
import { casePage, searchCases } from '../../lib/workflow/read/cases'
import { whereIs } from '../../lib/workflow/read/find'
import { commandNamed } from '../../lib/workflow/registry'
import { onItsWay, openFacility, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

const ines = somebody('ines', ['cs_agent'])
const jo = somebody('jo', ['receiver'])
const agnieszka = somebody('agnieszka', ['inspector'])
const ruben = somebody('ruben', ['disposition_lead'])
const tom = somebody('tom', ['vendor_recovery'])
const greta = somebody('greta', ['auditor'])
const venlo = somebody('vera', ['warehouse_manager'], { ...EVERYTHING, facilities: ['venlo'] })
const lodz = somebody('piotr', ['warehouse_manager'], { ...EVERYTHING, facilities: ['lodz'] })
const executive = somebody('dana', ['user_admin'])

const run = (actor: typeof ines, name: string, input: unknown) => {
  const command = commandNamed(name)
  if (!command) throw new Error(`no command ${name}`)
  return execute(actor, command, input)
}

const refused = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof UserError ? error.code : `unexpected: ${String(error)}`),
  )

const ids = (list: { lines: readonly { id: string }[] }) => list.lines.map(({ id }) => id)
const bought = (id: string, sku = 'SKU-C') => ({
  id,
  sku,
  quantity: 1,
  net: '40',
  unitCost: '10',
  serials: [`SN-${id}`],
})

beforeAll(async () => {
  await freshDatabases()
  await openFacility('venlo')
  await openFacility('lodz', 'Europe/Warsaw')
  await pool().query(
    `INSERT INTO product (sku, name) VALUES ('SKU-C', 'Trail shoe'), ('SKU-D', 'Rain coat') ON CONFLICT DO NOTHING`,
  )
  const now = Date.now()
  for (const [index, id] of ['c1', 'c2', 'c3', 'c4', 'c5'].entries())
    await onItsWay(
      {
        ...bought(id, index < 3 ? 'SKU-C' : 'SKU-D'),
        net: String(40 + index * 10),
        customerId: index < 2 ? 'C-ONE' : 'C-TWO',
      },
      { facility: index < 3 ? 'venlo' : 'lodz', at: new Date(now - (10 - index) * 86_400_000) },
    )
})

describe('the list of returns', () => {
  it('is found by everything that is on a parcel, a screen or a letter', async () => {
    await run(jo, 'unit.receive', { unitId: 'R-c1-1', facility: 'venlo', serial: 'SN-c1' })
    await tell(
      [
        {
          specversion: '1.0',
          id: 'pay/c1',
          source: '/pay/test',
          type: 'settlement.proposed.v1',
          time: new Date().toISOString(),
          subject: 'R-c1-1',
          data: { settlement_id: 'PAY-c1', unit_id: 'R-c1-1', kind: 'refund', amount: '40', currency: 'EUR' },
        },
        {
          specversion: '1.0',
          id: 'claim/c1',
          source: '/pay/test',
          type: 'claim.opened.v1',
          time: new Date().toISOString(),
          subject: 'R-c1-1',
          data: { claim_id: 'CLM-c1', unit_id: 'R-c1-1', supplier_id: 'S-1', amount: '10', currency: 'EUR' },
        },
      ] as Parameters<typeof tell>[0],
      '/pay/test',
    )
    const raised = await run(ines, 'exception.raise', {
      kind: 'wrong_item',
      unitId: 'R-c1-1',
      message: 'A different shoe.',
    })
    const exceptionId = (raised.result as { id: string }).id
    for (const q of ['R-c1', ' O-c1 ', 'R-c1-1', 'SN-c1', 'TRACK-c1', 'PAY-c1', 'CLM-c1', exceptionId])
      expect(ids(await searchCases(ines, { q })), q).toEqual(['R-c1'])
    expect(ids(await searchCases(ines, { q: 'C-ONE' })).sort()).toEqual(['R-c1', 'R-c2'])
    expect(ids(await searchCases(ines, { q: 'SKU-D' })).sort()).toEqual(['R-c4', 'R-c5'])
    // The beginning of an RMA, from four letters on; an empty or foreign text finds nothing.
    expect(ids(await searchCases(ines, { q: 'R-c1'.slice(0, 4) }))).toEqual(['R-c1'])
    expect(ids(await searchCases(ines, { q: 'R-c' }))).toEqual([])
    expect(ids(await searchCases(ines, { q: "nothing' OR true --" }))).toEqual([])
    expect(ids(await searchCases(ines, { q: '%' }))).toEqual([])
    // Ids are written in capitals; people type as they like.
    await onItsWay({ ...bought('C9'), customerId: 'C-THREE' }, { facility: 'lodz', authorized: false })
    expect(ids(await searchCases(ines, { q: 'r-c9' }))).toEqual(['R-C9'])
    expect((await whereIs(ines, 'track-c9'))[0]).toMatchObject({ rmaId: 'R-C9', exact: true })
  })

  it('shows nobody what lies outside of their part of the company', async () => {
    expect(ids(await searchCases(lodz, {})).sort()).toEqual(['R-C9', 'R-c4', 'R-c5'])
    expect(ids(await searchCases(lodz, { q: 'R-c1' }))).toEqual([])
    expect((await searchCases(lodz, {})).facets.facility).toEqual([{ value: 'lodz', n: 3 }])
    expect(await whereIs(lodz, 'SN-c1')).toEqual([])
    expect(await refused(caseOf(lodz, 'R-c1'))).toBe('not_found')
    expect(await refused(unitOf(lodz, 'missing'))).toBe('not_found')
    expect(await refused(caseNews(lodz, 'R-c1'))).toBe('not_found')
    expect(await refused(searchCases(executive, {}))).toBe('forbidden')
    expect(await refused(whereIs(executive, 'R-c1'))).toBe('forbidden')
    expect(await refused(caseOf(executive, 'R-c1'))).toBe('forbidden')
    expect(await refused(caseNews(executive, 'R-c1'))).toBe('forbidden')
  })

  it('counts what each facet can be narrowed to, with the others as they are', async () => {
    const all = await searchCases(ines, {})
    expect(all.counts.reduce((sum, { n }) => sum + n, 0)).toBe(6)
    expect(all.facets.facility).toEqual([
      { value: 'lodz', n: 3 },
      { value: 'venlo', n: 3 },
    ])
    const one = await searchCases(ines, { facets: { facility: ['venlo'] }, status: 'received' })
    expect(ids(one)).toEqual(['R-c1'])
    expect(one.facets.facility).toEqual([{ value: 'venlo', n: 1 }])
    expect(one.counts).toEqual([
      { status: 'inbound', n: 2 },
      { status: 'received', n: 1 },
    ])
    expect(ids(await searchCases(ines, { facets: { reason: ['too_small'] } }))).toEqual([])
    expect(ids(await searchCases(ines, { facets: { reason: ['changed_mind', 'too_small'] } }))).toHaveLength(6)
  })

  it.each(['changed', 'asked', 'value', 'id'] as const)('is the same list, page by page, by %s', async (sort) => {
    for (const descending of [true, false]) {
      const seen: string[] = []
      for (let after: string | undefined; ; ) {
        const page = await casePage(ines, { sort, descending, ...(after ? { after } : {}) }, 2)
        seen.push(...page.lines.map(({ id }) => id))
        if (page.next === null) break
        after = page.next
      }
      expect(seen).toEqual(ids(await casePage(ines, { sort, descending }, 100)))
      expect(new Set(seen).size).toBe(6)
      if (sort === 'value') expect(seen.at(descending ? 0 : -1)).toBe('R-c5')
    }
  })

  it('leads from anything pasted to the one page that it means', async () => {
    const to = async (text: string) => (await whereIs(ines, text)).map(({ kind, rmaId, cases }) => [kind, rmaId, cases])
    expect(await to('R-c1')).toEqual([['return', 'R-c1', 1]])
    expect(await to('TRACK-c2')).toEqual([['tracking', 'R-c2', 1]])
    expect(await to('O-c3')).toEqual([['order', 'R-c3', 1]])
    expect((await to('C-ONE'))[0]?.slice(0, 1).concat((await to('C-ONE'))[0]?.[2] ?? 0)).toEqual(['customer', 2])
    expect((await whereIs(tom, 'CLM-c1'))[0]).toMatchObject({ kind: 'claim', rmaId: 'R-c1' })
    expect(await to('CLM-c1')).toEqual([])
    expect(await to('')).toEqual([])
    await onItsWay(bought('never'), { asked: 0 })
    expect(await to('O-never')).toEqual([['sale', '', 0]])
  })
})

describe('a return', () => {
  it('says what it waits for, what is due, and why each closed action is closed to this person', async () => {
    const view = await caseOf(ines, 'R-c1')
    expect(view.units[0]).toMatchObject({ name: 'Trail shoe', status: 'received', serial: 'SN-c1' })
    expect(view.waits.map(({ what }) => what)).toContain('inspection')
    expect(view.exceptions[0]).toMatchObject({ kind: 'wrong_item', state: 'open' })
    const why = (actor: typeof ines, command: string) =>
      caseOf(actor, 'R-c1').then(({ actions }) => actions.find((each) => each.command === command)?.why)
    expect(await why(agnieszka, 'unit.inspect')).toBeNull()
    expect(await why(ines, 'unit.inspect')).toContain('Inspector')
    expect(await why(agnieszka, 'unit.receive')).toContain('Receiver')
    expect(await why(jo, 'unit.receive')).toContain('It is received')
    expect(await why(ruben, 'unit.dispose')).toBe('It has not been inspected yet.')
    // Whoever received it does not inspect it, also with the role.
    const both = { ...jo, permissions: new Set([...jo.permissions, ...agnieszka.permissions]) }
    expect(await why(both, 'unit.inspect')).toBe('You received it: a second person must inspect it.')
    expect(await why(ines, 'settlement.propose')).toBe('It has a settlement already.')
  })

  it('previews what the customer gets, and what the rule makes of the goods, for whoever may decide it', async () => {
    const view = await caseOf(ines, 'R-c2')
    expect(view.previews).toHaveLength(1)
    expect(view.previews[0]).toMatchObject({ unitId: 'R-c2-1', currency: 'EUR', entitled: '50.00' })
    expect((await caseOf(greta, 'R-c2')).previews).toEqual([])
    await run(jo, 'unit.receive', { unitId: 'R-c2-1', facility: 'venlo', serial: 'SN-c2' })
    await run(agnieszka, 'unit.inspect', {
      unitId: 'R-c2-1',
      condition: 'A',
      finding: 'as_new',
      serial: 'SN-c2',
      checklist: { tags: true, clean: true },
    })
    const decided = await caseOf(ruben, 'R-c2')
    expect(decided.units[0]?.proposal).toMatchObject({ disposition: 'restock' })
    expect(decided.actions.find(({ command }) => command === 'unit.dispose')?.why).toBeNull()
    expect((await caseOf(ines, 'R-c2')).units[0]?.proposal).toBeNull()
  })

  it('keeps from a reader what their role may not see', async () => {
    const [service, audit] = await Promise.all([caseOf(ines, 'R-c1'), caseOf(greta, 'R-c1')])
    expect(service.claims).toBeNull()
    expect(service.entries).toBeNull()
    expect(audit.claims?.map(({ id }) => id)).toEqual(['CLM-c1'])
    expect(audit.entries?.length).toBeGreaterThan(0)
    for (const entry of audit.entries ?? []) {
      const sum = (side: 'debit' | 'credit') => entry.lines.reduce((total, line) => total + Number(line[side]), 0)
      expect(sum('debit')).toBeCloseTo(sum('credit'), 4)
    }
  })

  it('tells everything that happened, with its source, its person and its data, and what was taken back', async () => {
    const view = await caseOf(ines, 'R-c2')
    const told = view.timeline.map(({ type, source, who }) => `${type} ${source} ${who}`)
    expect(told[0]).toBe('return.requested /shop/test ')
    expect(told.some((each) => each.startsWith('unit.received /backhaul/workflow'))).toBe(true)
    expect(JSON.parse(view.timeline[0]?.data ?? '{}')).toMatchObject({ unit_id: 'R-c2-1', reason_code: 'changed_mind' })
    await run(jo, 'unit.receive', { unitId: 'R-c3-1', facility: 'venlo', serial: 'SN-c3' })
    await run(jo, 'unit.undo_receipt', { unitId: 'R-c3-1' })
    const undone = await caseOf(ines, 'R-c3')
    expect(undone.timeline.filter(({ voided }) => voided).map(({ type }) => type)).toContain('unit.received')
  })

  it('tells whoever has it open that somebody else has changed it', async () => {
    const before = await caseNews(ines, 'R-c3')
    await run(jo, 'unit.receive', { unitId: 'R-c3-1', facility: 'venlo', serial: 'SN-c3' })
    const after = await caseNews(ines, 'R-c3')
    expect(after.version).toBeGreaterThan(before.version)
    expect(after).toMatchObject({ who: 'jo', mine: false })
    expect((await caseNews(jo, 'R-c3')).mine).toBe(true)
    expect(await refused(run(ines, 'return.cancel', { rmaId: 'R-c4', version: 0, reason: 'Kept it.' }))).toBe(
      'changed_meanwhile',
    )
  })

  it('of a unit that came without one is the unit itself, with what it may be', async () => {
    await onItsWay({ ...bought('lost'), serials: ['SN-lost'] }, { asked: 0 })
    const blind = (await run(jo, 'unit.receive_blind', { facility: 'venlo', sku: 'SKU-C', serial: 'SN-lost' }))
      .result as { unitId: string }
    const view = await unitOf(ines, blind.unitId)
    if ('rmaId' in view) throw new Error('it has a return')
    expect(view).toMatchObject({ unmatched: true, id: blind.unitId })
    expect(view.matches[0]).toMatchObject({ orderId: 'O-lost', orderLineId: 'lost' })
    expect(view.exceptions[0]?.kind).toBe('unmatched_receipt')
    expect(view.actions.some(({ command, why }) => command === 'unit.match' && why === null)).toBe(true)
    expect((await whereIs(ines, blind.unitId))[0]).toMatchObject({ kind: 'unit', rmaId: '', unitId: blind.unitId })
    await run(ines, 'unit.match', { unitId: blind.unitId, orderLineId: 'lost', reason: 'undeliverable' })
    expect(await unitOf(ines, blind.unitId)).toHaveProperty('rmaId')
    expect(
      await refused(unitOf(lodz, blind.unitId).then((unit) => ('rmaId' in unit ? caseOf(lodz, unit.rmaId) : unit))),
    ).toBe('not_found')
    expect(venlo.scope.facilities).toEqual(['venlo'])
  })
})
