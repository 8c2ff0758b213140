import type { Group, Plan, Sum } from './plan'
import { Context } from './sql/context'
import type { ParamValue } from './sql/params'
import { selectsOf } from './sql/scan'
import { type Select, sumsOf, unionPart, zero } from './sql/select'
import { orderSql } from './values'

/** One statement for ClickHouse. Values are parameters; identifiers come from the definitions. */
export interface Statement {
  sql: string
  params: Readonly<Record<string, ParamValue>>
}

/**
 * Third step. Columns of the answer: the dimensions in order as texts, then the plan's sums in order, integers as texts.
 * With `totals: 'within'` the statement asks ClickHouse for totals as well.
 */
export function render(plan: Plan): Statement {
  const context = new Context(plan.question)
  const [main, ...others] = plan.groups
  if (!main) throw new Error('A plan without a group')
  const body = others.length === 0 ? ofOneGroup(plan, main, context) : beside(plan, main, context)
  const extra = plan.question.limit.strict ? 1 : 0
  const limit = main.by.length > 0 ? `\nLIMIT ${context.params.count(plan.question.limit.rows + extra)}` : ''
  return { sql: `${context.estimates.clause()}${body}${limit}`, params: context.params.values }
}

/** The union of a group's scans: columns d0, d1, … and its sums, not yet added up. */
const groupSql = (group: Group, context: Context): string =>
  unionOf(
    group,
    group.scans.flatMap((scan) => selectsOf(scan, group, context)),
  )

const unionOf = (group: Group, selects: readonly Select[]): string =>
  selects.map((select) => unionPart(group, select)).join('\nUNION ALL\n') || nothing(group)

const nothing = (group: Group): string => {
  const dimensions = group.by.map(
    (dimension, index) => `${dimension.kind === 'code' || dimension.id === 'hour' ? "''" : 'toDate(0)'} AS d${index}`,
  )
  return `SELECT ${[...dimensions, ...sumsOf(group).map((sum) => `${zero(sum)} AS ${sum.alias}`)].join(', ')} WHERE 0`
}

const shownDimension = (expression: string) => `toString(${expression})`
const shownSum = (sum: Sum, expression: string) =>
  sum.part.measure === 'float' ? expression : `toString(${expression})`
const isThere = (sums: readonly Sum[], refer: (sum: Sum) => string) =>
  sums.map((sum) => `${refer(sum)} != 0`).join(' OR ') || '1'

function ofOneGroup(plan: Plan, main: Group, context: Context): string {
  const selects = main.scans.flatMap((scan) => selectsOf(scan, main, context))
  const [only, ...more] = selects
  return only && more.length === 0 ? alone(plan, only) : together(plan, main, unionOf(main, selects))
}

/** One SELECT gives it all: grouped, named, ordered and shown in one step, since each further step is planned anew. */
function alone(plan: Plan, { cuts, own, from, where }: Select): string {
  // An estimate is shown as it is: its own name is the column's.
  const refer = (sum: Sum) => (sum.part.measure === 'float' ? `s${plan.sums.indexOf(sum)}` : sum.alias)
  const columns = [
    ...cuts.map(({ by }, index) => `${shownDimension(`(${by} AS d${index})`)} AS k${index}`),
    ...plan.sums.map((sum, index) => {
      const expression = own.get(sum.alias) ?? zero(sum)
      const name = refer(sum)
      return name === `s${index}`
        ? `${expression} AS ${name}`
        : `${shownSum(sum, `(${expression} AS ${name})`)} AS s${index}`
    }),
  ]
  return `SELECT ${columns.join(', ')}\nFROM ${from}\nWHERE ${where}${grouped(plan, cuts.length, refer)}`
}

/** All scans have all dimensions: one GROUP BY over their union. */
function together(plan: Plan, main: Group, union: string): string {
  const refer = (sum: Sum) => `sum(${sum.alias})`
  const columns = [
    ...main.by.map((_, index) => `${shownDimension(`d${index}`)} AS k${index}`),
    ...plan.sums.map((sum, index) => `${shownSum(sum, refer(sum))} AS s${index}`),
  ]
  return `SELECT ${columns.join(', ')}\nFROM (\n${union}\n)${grouped(plan, main.by.length, refer)}`
}

function grouped(plan: Plan, dimensions: number, refer: (sum: Sum) => string): string {
  if (dimensions === 0) return ''
  const by = Array.from({ length: dimensions }, (_, index) => `d${index}`).join(', ')
  const totals = plan.totals === 'within' ? ' WITH TOTALS' : ''
  return `\nGROUP BY ${by}${totals}\nHAVING ${isThere(plan.sums, refer)}${orderBy(plan, refer, '')}`
}

export interface Relation {
  /** FROM clause: the main group as `g0`, with columns d0, d1, … */
  from: string
  refer: (sum: Sum) => string
}

/** Some sums lack a dimension: they are joined to the rows by those that they have. */
export function relationOf(plan: Plan, context: Context): Relation {
  const [main] = plan.groups
  if (!main) throw new Error('A plan without a group')
  const place = new Map(
    plan.groups.flatMap((group, index) => sumsOf(group).map((sum) => [sum.alias, `g${index}.${sum.alias}`] as const)),
  )
  const relations = plan.groups.map((group, index) => {
    const names = group.by.map((dimension) => `d${main.by.indexOf(dimension)}`)
    const relation = `(${addedUp(group, names, context)}) AS g${index}`
    if (index === 0) return relation
    if (names.length === 0) return `CROSS JOIN ${relation}`
    return `LEFT JOIN ${relation} ON ${names.map((name) => `g0.${name} = g${index}.${name}`).join(' AND ')}`
  })
  return { from: relations.join('\n'), refer: (sum) => place.get(sum.alias) ?? zero(sum) }
}

/** A group's sums by its dimensions, which get the names of the main group's. */
function addedUp(group: Group, names: readonly string[], context: Context): string {
  const sums = sumsOf(group)
  const own = [...names.map((_, at) => `d${at} AS e${at}`), ...sums.map(({ alias }) => `sum(${alias}) AS t_${alias}`)]
  const by = names.length > 0 ? ` GROUP BY ${names.map((_, at) => `d${at}`).join(', ')}` : ''
  const shown = [...names.map((name, at) => `e${at} AS ${name}`), ...sums.map(({ alias }) => `t_${alias} AS ${alias}`)]
  return `SELECT ${shown.join(', ')} FROM (SELECT ${own.join(', ')} FROM (\n${groupSql(group, context)}\n)${by})`
}

function beside(plan: Plan, main: Group, context: Context): string {
  const { from, refer } = relationOf(plan, context)
  const columns = [
    ...main.by.map((_, index) => `${shownDimension(`g0.d${index}`)} AS k${index}`),
    ...plan.sums.map((sum, index) => `${shownSum(sum, refer(sum))} AS s${index}`),
  ]
  return `SELECT ${columns.join(', ')}\nFROM ${from}\nWHERE ${isThere(sumsOf(main), refer)}${orderBy(plan, refer, 'g0.')}`
}

/** Rows of the current frame stand before those that only the previous one has. */
function orderBy(plan: Plan, refer: (sum: Sum) => string, prefix: string): string {
  const { question, asks, sums } = plan
  const [first, ...more] = asks
  if (!first) throw new Error('A plan without a frame')
  const { frame } = first
  const terms = question.order.map((order) => {
    const direction = order.direction === 'desc' ? 'DESC' : 'ASC'
    const at = question.by.findIndex(({ id }) => id === order.column)
    if (at >= 0) return `${prefix}d${at} ${direction}`
    const metric = question.metrics.find(({ definition }) => definition.id === order.column)
    if (!metric) throw new Error(`${order.column} is not in the question`)
    return `${orderSql(metric, order, frame, sums, refer)} ${direction} NULLS LAST`
  })
  const now = sums.filter((sum) => sum.frame === frame)
  const there = more.length > 0 ? [`(${isThere(now, refer)}) DESC`] : []
  return terms.length > 0 ? `\nORDER BY ${[...there, ...terms].join(', ')}` : ''
}
