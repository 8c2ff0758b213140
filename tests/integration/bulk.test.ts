import { beforeAll, expect, it } from 'vitest'
import { pool } from '../../lib/db/client'
import { ordersFor, previewRequest } from '../../lib/workflow/read/orders'
import { bulkRequests } from '../../lib/workflow/request/bulk'
import { onItsWay, openFacility, somebody } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const ines = somebody('ines', ['cs_agent'])
const jo = somebody('jo', ['receiver'])
const elsewhere = somebody('una', ['cs_agent'], { entities: ['acme-us'], facilities: null, channels: null })
const sold = (id: string) => ({
  id,
  sku: `SKU-${id}`,
  quantity: 2,
  net: '60.00',
  unitCost: '10.00',
  customerId: `C-${id}`,
  serials: [`SER-${id}`],
})

beforeAll(async () => {
  await openFacility()
  for (const id of ['A', 'B', 'C']) await onItsWay(sold(id), { asked: 0 })
})

const file = (...rows: string[]) => ['order_id,order_line_id,sku,quantity,reason,note', ...rows].join('\n')
const returns = async () => (await pool().query<{ n: number }>('SELECT count(*)::int AS n FROM rma')).rows[0]?.n

it('finds an order by what the customer has at hand, and says what can still come back', async () => {
  for (const q of ['O-A', 'o-a', 'C-A', 'SER-A', 'A'])
    expect(
      (await ordersFor(ines, q)).map(({ id }) => id),
      q,
    ).toEqual(['O-A'])
  expect((await ordersFor(ines, 'O-A'))[0]?.lines[0]).toMatchObject({ left: 2, price: '30.00', currency: 'EUR' })
  expect(await ordersFor(elsewhere, 'O-A')).toEqual([])
  expect(await ordersFor(ines, '  ')).toEqual([])
  await expect(ordersFor(jo, 'O-A')).rejects.toMatchObject({ code: 'forbidden' })
})

it('shows beforehand what comes of a request, and writes nothing', async () => {
  const input = {
    orderId: 'O-A',
    returnType: 'refund' as const,
    lines: [{ orderLineId: 'A', quantity: 1, reason: 'too_small' as const, comment: '' }],
  }
  const [line] = await previewRequest(ines, input)
  expect(line).toMatchObject({ fault: '', returnable: true, value: '30.00', currency: 'EUR' })
  expect(line?.explanation.length).toBeGreaterThan(0)
  const [over] = await previewRequest(ines, {
    ...input,
    lines: [{ orderLineId: 'A', quantity: 3, reason: 'too_small', comment: '' }],
  })
  expect(over?.fault).toMatch(/2 were sold/)
  const [unknown] = await previewRequest(elsewhere, input)
  expect(unknown?.fault).toMatch(/no line/)
  expect(await returns()).toBe(0)
})

it('checks a file without creating anything, then creates each order’s return, and the same file again does nothing', async () => {
  const csv = file(
    'O-A,,SKU-A,1,too_small,',
    'O-B,B,,2,defective,"broken, twice"',
    'O-C,,SKU-X,1,too_small,',
    'O-C2,,SKU-C,1,because,',
  )
  const states = (outcomes: Awaited<ReturnType<typeof bulkRequests>>) =>
    outcomes.map(({ orderId, state }) => `${orderId} ${state}`)
  expect(states(await bulkRequests(ines, csv, true))).toEqual(['O-A ready', 'O-B ready', 'O-C refused', 'O-C2 refused'])
  expect(await returns()).toBe(0)
  const created = await bulkRequests(ines, csv, false)
  expect(states(created)).toEqual(['O-A created', 'O-B created', 'O-C refused', 'O-C2 refused'])
  expect(created[3]).toMatchObject({ rows: [5], code: 'invalid_input', message: expect.stringContaining('Line 5') })
  expect(await returns()).toBe(2)
  const again = await bulkRequests(ines, csv, false)
  expect(states(again).slice(0, 2)).toEqual(['O-A repeated', 'O-B repeated'])
  expect(again[0]?.rmaId).toBe(created[0]?.rmaId)
  expect(await returns()).toBe(2)
  // What is left of an order can come back; more than that cannot.
  expect(states(await bulkRequests(ines, file('O-A,A,,2,too_small,'), false))).toEqual(['O-A refused'])
  expect(states(await bulkRequests(ines, file('O-A,A,,1,changed_mind,'), false))).toEqual(['O-A created'])
})

it('says what is wrong with a file that cannot be read', async () => {
  const refused = (csv: string) =>
    bulkRequests(ines, csv, true).then(
      () => 'read',
      ({ code }: { code: string }) => code,
    )
  expect(await refused('')).toBe('csv_empty')
  expect(await refused('a,b\n1,2')).toBe('csv_columns')
  expect(await refused('order_id,quantity,reason\n"1,2')).toBe('csv_unreadable')
  expect(await refused(file(...Array.from({ length: 1001 }, () => 'O-A,A,,1,too_small,')))).toBe('csv_too_long')
  expect((await bulkRequests(ines, file('O-A,A,,1,too_small,', 'O-A,A,,1,defective,'), true))[0]).toMatchObject({
    state: 'refused',
    rows: [2, 3],
  })
  await expect(bulkRequests(jo, file('O-A,A,,1,too_small,'), true)).rejects.toMatchObject({ code: 'forbidden' })
})
