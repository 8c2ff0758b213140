import { beforeAll, describe, expect, it } from 'vitest'
import type { AnyEvent } from '../../ingest/contract/event'
import { pool, withTransaction } from '../../lib/db/client'
import { approvalCommands } from '../../lib/workflow/approvals'
import { automationRecorder } from '../../lib/workflow/automation-recorder'
import { claimCommands } from '../../lib/workflow/claims/commands'
import { openIfCovered } from '../../lib/workflow/claims/open'
import { execute } from '../../lib/workflow/execute'
import { claimDetail } from '../../lib/workflow/read/claim-detail'
import { claimsBoard } from '../../lib/workflow/read/claims'
import type { AnyCommand } from '../../lib/workflow/registry'
import { openFacility, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const tom = somebody('tom', ['vendor_recovery'])
const DAY = 86_400_000
const now = Date.now()

const run = <
  T = {
    claims: { claimId: string; amount: string }[]
    batchId: string
    total: string
    left: { unitId: string; why: string }[]
  },
>(
  name: string,
  input: unknown,
  actor = tom,
) => {
  const commands: readonly AnyCommand[] = [...claimCommands, ...approvalCommands]
  const command = commands.find((each) => each.name === name)
  if (!command) throw new Error(`no command ${name}`)
  return execute(actor, command, input).then(({ result }) => result as T)
}
const refused = (name: string, input: unknown, actor = tom) =>
  run(name, input, actor).then(
    () => 'done',
    (error: { code?: string }) => error.code,
  )

let n = 0
/** A unit of a supplier that came back and was found to be defective `days` ago. */
async function defect(
  supplierId: string,
  cost = '100',
  own: { days?: number; finding?: string; status?: string; entity?: string } = {},
) {
  n += 1
  const unit = `U${n}-1`
  const at = now - (own.days ?? 5) * DAY
  const event = (type: string, hours: number, data: Record<string, unknown>): AnyEvent =>
    ({
      specversion: '1.0',
      id: `${unit}/${type}`,
      source: '/wms/test',
      type,
      time: new Date(at + hours * 3_600_000).toISOString(),
      subject: unit,
      data: { unit_id: unit, ...data },
    }) as AnyEvent
  await tell(
    [
      event('sale.shipped.v1', -240, {
        order_id: `O${n}`,
        order_line_id: `L${n}`,
        sku: 'SKU-1',
        quantity: 1,
        net_amount: '200',
        tax_amount: '0',
        currency: 'EUR',
        channel: 'dtc',
        category: 'electronics',
        unit_cost: cost,
        entity: own.entity ?? 'acme-eu',
        customer_id: 'C1',
        supplier_id: supplierId,
      }),
      event('return.requested.v1', -48, {
        rma_id: `R${n}`,
        order_line_id: `L${n}`,
        sku: 'SKU-1',
        quantity: 1,
        reason_code: 'defective',
        facility: 'venlo',
      }),
      event('unit.received.v1', 0, { facility: 'venlo', quantity: 1, location: 'dock' }),
      event('unit.inspected.v1', 1, {
        condition_code: 'D',
        finding_code: own.finding ?? 'confirmed_defect',
        facility: 'venlo',
      }),
      event('unit.dispositioned.v1', 2, { disposition: 'vendor_claim' }),
      event('unit.moved.v1', 3, {
        movement_id: `M${n}`,
        from_status: 'received',
        to_status: 'vendor',
        quantity: 1,
        facility: 'venlo',
        location: 'outbound',
      }),
    ],
    '/wms/test',
  )
  return unit
}

const claimNow = async (id: string) => (await pool().query('SELECT * FROM supplier_claim WHERE id = $1', [id])).rows[0]
const balances = async () => {
  const { rows } = await pool().query<{ account: string; value: string }>(
    `SELECT l.account, sum(l.debit - l.credit)::text AS value FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
     WHERE e.cause_id LIKE 'claim:%' GROUP BY 1 HAVING sum(l.debit - l.credit) <> 0 ORDER BY 1`,
  )
  return Object.fromEntries(rows.map(({ account, value }) => [account, Number(value) / 10_000]))
}

beforeAll(async () => {
  await openFacility()
  await pool().query(`INSERT INTO supplier (id, name, country, coverage, window_days, minimum_claim, currency) VALUES
    ('eur', 'Euro Works', 'DE', 0.8, 60, 0, 'EUR'), ('usd', 'Dollar Devices', 'CN', 1, 30, 150, 'USD'), ('none', 'No Agreement', 'CN', 0, 0, 0, 'USD')`)
  await pool().query(`INSERT INTO fx_rate (currency, day, rate, source) VALUES ('USD', '2020-01-01', 0.9, 'test')`)
})

describe('a claim from open to recovered', () => {
  it('is opened for what the agreement covers, sent with its goods, accepted for less, and paid in two parts', async () => {
    const unit = await defect('eur', '100')
    const { claims, batchId } = await run('claim.open', { unitId: unit })
    const [claim] = claims
    const claimId = claim?.claimId ?? ''
    expect(claim?.amount).toBe('80.0000')
    expect(await claimNow(claimId)).toMatchObject({
      external: false,
      batch_id: batchId,
      state: 'opened',
      currency: 'EUR',
    })
    expect((await claimNow(claimId)).window_until.getTime()).toBe(now - 5 * DAY + 60 * DAY)
    expect(await balances()).toEqual({})

    expect(await refused('claim.accept', { claims: [{ claimId }] })).toBe('claim_state')
    await run('claim.submit', { claimIds: [claimId], reference: 'RTV-77', returnGoods: true })
    const { rows } = await pool().query('SELECT status FROM return_unit WHERE id = $1', [unit])
    expect(rows[0].status).toBe('returned_to_vendor')
    expect(await claimNow(claimId)).toMatchObject({ state: 'submitted', external_ref: 'RTV-77' })

    expect(await refused('claim.accept', { claims: [{ claimId, amount: '80.01' }] })).toBe('above_claimed')
    await run('claim.accept', { claims: [{ claimId, amount: '70' }] })
    expect(await balances()).toEqual({ vendor_claims_receivable: 70, vendor_recovery: -70 })

    expect(await refused('claim.recover', { claims: [{ claimId, amount: '70.01' }] })).toBe('above_accepted')
    await run('claim.recover', { claims: [{ claimId, amount: '50' }], reference: 'CN-1' })
    expect(await refused('claim.recover', { claims: [{ claimId, amount: '50' }] })).toBe('not_more')
    expect(await refused('claim.reject', { claimIds: [claimId], reason: 'too late now' })).toBe('claim_state')
    expect(await balances()).toEqual({ cash_clearing: 50, vendor_claims_receivable: 20, vendor_recovery: -70 })
    await run('claim.recover', { claims: [{ claimId }] })
    expect(await balances()).toEqual({ cash_clearing: 70, vendor_recovery: -70 })
  })

  it('gives back what it had booked when the supplier changes its mind, and frees the unit', async () => {
    const before = await balances()
    const unit = await defect('eur', '40')
    const first = (await run('claim.open', { unitId: unit, amount: '30' })).claims[0]?.claimId ?? ''
    expect(await refused('claim.open', { unitId: unit })).toBe('in_claim')
    await run('claim.submit', { claimIds: [first], reference: 'X' })
    await run('claim.accept', { claims: [{ claimId: first }] })
    await run('claim.reject', { claimIds: [first], reason: 'not our batch' })
    expect(await balances()).toEqual(before)
    // A batch leaves it to people; a person may try again.
    expect(await refused('claim.open_eligible', { supplierId: 'eur' })).toBe('nothing_eligible')
    const again = (await run('claim.open', { unitId: unit })).claims[0]?.claimId ?? ''
    expect(again).not.toBe(first)
    await run('claim.reject', { claimIds: [again], reason: 'closed by us' })
  })

  it('gives up the rest with somebody else’s yes, and takes it back when money comes all the same', async () => {
    const before = await balances()
    const unit = await defect('eur', '200')
    const claimId = (await run('claim.open', { unitId: unit })).claims[0]?.claimId ?? ''
    await run('claim.submit', { claimIds: [claimId], reference: 'X' })
    await run('claim.accept', { claims: [{ claimId }] })
    await run('claim.recover', { claims: [{ claimId, amount: '100' }] })
    const { approvalId } = await run<{ approvalId: string }>('claim.write_off', {
      claimId,
      reason: 'they went out of business',
    })
    expect(await claimNow(claimId)).toMatchObject({ written_off: 0n })
    expect((await claimDetail(tom, { claimId }))?.waitsFor).toBeTruthy()
    const manager = somebody('piotr', ['warehouse_manager'])
    await run('approval.approve', { ids: [approvalId] }, manager)
    expect(await claimNow(claimId)).toMatchObject({ written_off: 600_000n, state: 'recovered', accepted: 1_600_000n })
    const moved = async (account: string) => ((await balances())[account] ?? 0) - (before[account] ?? 0)
    expect([
      await moved('vendor_claims_receivable'),
      await moved('claims_written_off'),
      await moved('vendor_recovery'),
    ]).toEqual([0, 60, -160])
    expect(await refused('claim.write_off', { claimId, reason: 'there is nothing left' })).toBe('nothing_outstanding')
    await run('claim.recover', { claims: [{ claimId, amount: '130' }] })
    expect(await claimNow(claimId)).toMatchObject({ written_off: 300_000n, recovered: 1_300_000n })
    expect([await moved('vendor_claims_receivable'), await moved('claims_written_off')]).toEqual([0, 30])
    // What was asked about another rest is not approved.
    const other = await defect('eur', '200')
    const second = (await run('claim.open', { unitId: other })).claims[0]?.claimId ?? ''
    await run('claim.submit', { claimIds: [second], reference: 'X' })
    await run('claim.accept', { claims: [{ claimId: second }] })
    const stale = await run<{ approvalId: string }>('claim.write_off', {
      claimId: second,
      reason: 'they do not answer',
    })
    await run('claim.recover', { claims: [{ claimId: second, amount: '1' }] })
    expect(await refused('approval.approve', { ids: [stale.approvalId] }, manager)).toBe('approval_stale')
    await run('claim.recover', { claims: [{ claimId: second }] })
  })

  it.each([
    ['not_claimable_finding', 'eur', { finding: 'customer_damage' }],
    ['not_claimable_window_closed', 'eur', { days: 61 }],
    ['no_agreement', 'none', {}],
    ['below_minimum', 'usd', {}],
  ] as const)('is refused with %s', async (code, supplier, own) => {
    const unit = await defect(supplier, '100', own)
    expect(await refused('claim.open', { unitId: unit })).toBe(code)
  })

  it('is for at most what is covered, by who may, for units of one’s own rows', async () => {
    const unit = await defect('eur', '100')
    expect(await refused('claim.open', { unitId: unit, amount: '80.01' })).toBe('above_claimable')
    expect(await refused('claim.open', { unitId: unit, amount: '0' })).toBe('above_claimable')
    expect(await refused('claim.open', { unitId: unit }, somebody('nadia', ['accountant']))).toBe('forbidden')
    const lodz = somebody('lodz', ['vendor_recovery'], { entities: null, facilities: ['lodz'], channels: null })
    expect(await refused('claim.open', { unitId: unit }, lodz)).toBe('not_found')
    expect(await refused('claim.open_eligible', { supplierId: 'eur' }, lodz)).toBe('nothing_eligible')
  })
})

it('claims all of a supplier as one batch, in its currency, and says what it left out', async () => {
  const units = [await defect('usd', '90'), await defect('usd', '45', { days: 2 })]
  const gone = await defect('usd', '50', { days: 40 })
  const { batchId, claims, total, left } = await run('claim.open_eligible', { supplierId: 'usd' })
  // The unit of the test above is eligible too: 100 EUR are 111.11 USD, 90 are 100, 45 are 50.
  expect(claims.map(({ amount }) => amount).sort()).toEqual(['100.0000', '111.1100', '50.0000'])
  expect(total).toBe('261.1100')
  expect(left).toMatchObject([{ unitId: gone, why: 'window_closed' }])
  expect(units.every((unit) => claims.some(({ claimId }) => claimId.startsWith(`CL-${unit}`)))).toBe(true)
  const small = claims.find(({ amount }) => amount === '50.0000')?.claimId ?? ''
  expect(await refused('claim.submit', { claimIds: [small], reference: 'A' })).toBe('below_minimum')
  // One more joins while it is not sent; none after.
  const late = await defect('usd', '9')
  await run('claim.open', { unitId: late, batchId })
  const all = await pool().query<{ id: string }>('SELECT id FROM supplier_claim WHERE batch_id = $1', [batchId])
  await run('claim.submit', { claimIds: all.rows.map(({ id }) => id), reference: 'A' })
  expect(await refused('claim.open', { unitId: await defect('usd', '9'), batchId })).toBe('batch_closed')
})

it('lets two people open one claim once', async () => {
  const unit = await defect('eur', '100')
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      refused('claim.open', { unitId: unit }, somebody(`p${i}`, ['vendor_recovery'])),
    ),
  )
  expect(outcomes.filter((each) => each === 'done')).toHaveLength(1)
  expect(outcomes.filter((each) => each === 'in_claim')).toHaveLength(7)
})

it('claims by itself what an agreement covers, and nothing else', async () => {
  const covered = await defect('eur', '100')
  const small = await defect('usd', '9')
  const open = (unit: string) =>
    withTransaction((tx) => openIfCovered(automationRecorder(tx, 'vendor_claim', new Date(), unit), unit))
  expect((await open(covered))?.total).toBe('80.0000')
  expect(await open(covered)).toBeUndefined()
  expect(await open(small)).toBeUndefined()
})

it('shows what stands where, the nearest deadline first, and everything about one claim', async () => {
  const board = await claimsBoard(tom, { stage: 'eligible' })
  const counts = Object.fromEntries(board.stages.map(({ stage, count }) => [stage, count]))
  const { rows } = await pool().query<{ state: string; n: number }>(
    'SELECT state, count(*)::int AS n FROM supplier_claim GROUP BY 1',
  )
  for (const { state, n: count } of rows) expect([state, counts[state]]).toEqual([state, count])
  expect(board.suppliers.flatMap(({ lines }) => lines).length).toBe(counts.eligible)
  const deadlines = board.suppliers.map(({ deadline }) => deadline ?? '')
  expect([...deadlines].sort()).toEqual(deadlines)
  const recovered = (await claimsBoard(tom, { stage: 'recovered' })).suppliers[0]?.lines[0]
  const detail = await claimDetail(tom, { claimId: recovered?.claimId ?? '' })
  expect(detail?.timeline.map(({ what }) => what)).toEqual([
    'Received',
    'Inspected',
    'Decided',
    'Claim opened',
    'Submitted to the supplier',
    'Accepted',
    'Money has come',
    'Money has come',
  ])
  await expect(claimDetail(somebody('x', ['receiver']), { claimId: recovered?.claimId ?? '' })).rejects.toThrow(
    'may not',
  )
})

it('never has recovered more than accepted, accepted more than claimed, claimed more than the goods cost', async () => {
  const { rows } = await pool().query(`
    SELECT c.id FROM supplier_claim c JOIN return_unit u ON u.id = c.unit_id
    WHERE c.recovered > c.accepted OR c.accepted > c.claimed OR c.claimed * CASE c.currency WHEN 'USD' THEN 0.9 ELSE 1 END > u.unit_cost * u.quantity`)
  expect(rows).toEqual([])
  const controlled = await pool().query(
    `SELECT sum(accepted - recovered - written_off)::text AS open FROM supplier_claim`,
  )
  expect((await balances()).vendor_claims_receivable ?? 0).toBe(Number(controlled.rows[0].open) / 10_000)
})
