import { CONDITIONS, DISPOSITIONS, FINDINGS, REASONS, STATUS_OF_DISPOSITION } from '../../lib/returns/codes'
import { ourCode } from './expressions'
import { DESCRIPTIVE } from './sales'

const REQUESTED = "type = 'return.requested.v1'"
const RECEIVED = "type = 'unit.received.v1'"
const INSPECTED = "type = 'unit.inspected.v1'"
const DECISION = "type IN ('return.authorized.v1', 'return.rejected.v1', 'return.cancelled.v1')"
const SHIPMENT = "startsWith(type, 'shipment.')"

/** Time of the earliest event of each type, by the served column that holds it. */
export const STAGE_TIMES = {
  requested_at: 'return.requested.v1',
  authorized_at: 'return.authorized.v1',
  rejected_at: 'return.rejected.v1',
  cancelled_at: 'return.cancelled.v1',
  labelled_at: 'shipment.labelled.v1',
  in_transit_at: 'shipment.in_transit.v1',
  delivered_at: 'shipment.delivered.v1',
  lost_at: 'shipment.lost.v1',
  received_at: 'unit.received.v1',
  inspected_at: 'unit.inspected.v1',
  dispositioned_at: 'unit.dispositioned.v1',
} as const

const latest = (value: string, condition: string, name: string) => `argMaxIf(${value}, ord, ${condition}) AS ${name}`
const latestText = (value: string, condition: string, name = value) =>
  latest(value, `${value} != '' AND ${condition}`, name)

const list = (codes: readonly string[]) => codes.map((code) => `'${code}'`).join(', ')

/** Rank and implied status of a stage event, for the status log (docs/facts.md, section 4). */
const RANK = `multiIf(type = 'return.requested.v1', 1, type = 'return.authorized.v1', 2, type = 'shipment.labelled.v1', 3,
  type = 'shipment.in_transit.v1', 4, type = 'shipment.delivered.v1', 5, type = 'unit.received.v1', 6, type = 'unit.inspected.v1', 7,
  type = 'unit.dispositioned.v1', 8, type = 'return.rejected.v1', 9, type = 'return.cancelled.v1', 10, 11)`
const IMPLIED = `multiIf(type IN ('return.requested.v1', 'return.authorized.v1', 'shipment.labelled.v1'), 'expected',
  type IN ('shipment.in_transit.v1', 'shipment.delivered.v1'), 'in_transit', type IN ('unit.received.v1', 'unit.inspected.v1'), 'received',
  type = 'unit.dispositioned.v1', transform(disposition, [${list(Object.keys(STATUS_OF_DISPOSITION))}], [${list(Object.values(STATUS_OF_DISPOSITION))}], ''),
  type IN ('return.rejected.v1', 'return.cancelled.v1'), 'cancelled', type = 'shipment.lost.v1', 'lost', '')`

/** Codes of outside systems become ours before anything is read from them. */
const OURS = Object.entries({ reason: REASONS, condition: CONDITIONS, finding: FINDINGS, disposition: DISPOSITIONS })
  .map(([list, codes]) => `${ourCode(list, list, 'source', codes)} AS ${list}`)
  .join(', ')

/**
 * Everything that the stage events of a unit's lineage say, one row per unit. Reads `lineage(unit_id, ancestor_id, cutoff)`.
 * `log`: (time, rank, sequence, source, id, status, has_value, unit_value, currency) of each implied status.
 */
export const stageEvents = `
SELECT unit_id, min(time) AS first_seen, countIf(${REQUESTED}) AS requests,
  ${Object.entries(STAGE_TIMES)
    .map(([name, type]) => `minIf(time, type = '${type}') AS ${name}`)
    .join(', ')},
  countIf(own AND type = 'unit.split.v1') AS splits, maxIf(ord, own AND type = 'unit.split.v1').1 AS split_time,
  ${latest('quantity', REQUESTED, 'requested_quantity')}, ${latest('quantity', RECEIVED, 'received_quantity')},
  ${latest("splitByChar('.', toString(type))[2]", DECISION, 'decision')},
  ${latest('reason', REQUESTED, 'reason')}, ${latestText('return_type', REQUESTED)},
  ${latestText('rma_id', `(${REQUESTED} OR ${RECEIVED})`)}, ${latestText('order_id', REQUESTED)}, ${latestText('order_line_id', REQUESTED)},
  ${latestText('condition', `(${RECEIVED} OR ${INSPECTED})`)}, ${latest('finding', INSPECTED, 'finding')},
  if(countIf(${INSPECTED} AND serial_match >= 0) = 0, -1, argMaxIf(serial_match, ord, ${INSPECTED} AND serial_match >= 0)) AS serial_match,
  ${latestText('disposition', "type = 'unit.dispositioned.v1'")}, ${latestText('shift', `(${RECEIVED} OR ${INSPECTED})`)},
  ${latestText('carrier', SHIPMENT)}, ${latestText('policy_row', `(${REQUESTED} OR ${DECISION})`)},
  argMaxIf(expected_at, ord, ${SHIPMENT} AND toUnixTimestamp64Milli(expected_at) > 0) AS expected_at,
  maxIf((time, sequence, source, id, toString(facility)), facility != '' AND (${REQUESTED} OR ${SHIPMENT} OR ${RECEIVED} OR ${INSPECTED})) AS last_facility,
  argMaxIf((unit_price, unit_cost, currency, sold_at), ord, ${REQUESTED}) AS request,
  ${DESCRIPTIVE.map((name) => latestText(name, name === 'sku' ? `(${REQUESTED} OR ${RECEIVED})` : REQUESTED)).join(', ')},
  groupArrayIf((time, toUInt8(rank), sequence, source, id, implied, toUInt8(0), toInt64(0), ''), implied != '') AS log
FROM
(
  SELECT l.unit_id AS unit_id, e.unit_id = l.unit_id AS own, (e.time, e.sequence, toString(e.source), e.id) AS ord, ${RANK} AS rank, toString(${IMPLIED}) AS implied, e.* EXCEPT (unit_id)
  FROM (SELECT * REPLACE (${OURS}) FROM unit_events FINAL WHERE unit_id IN (SELECT ancestor_id FROM lineage) AND voided = 0) AS e
  INNER JOIN lineage AS l ON l.ancestor_id = e.unit_id
  WHERE e.time <= l.cutoff
)
GROUP BY unit_id`

/** The movements of a unit's lineage, one row per unit: the log they make and the last facility they name. */
export const movements = `
SELECT unit_id, min(time) AS first_seen,
  groupArray((time, toUInt8(12), sequence, source, id, status, has_value, unit_value, currency)) AS log,
  maxIf((time, sequence, source, id, facility), facility != '') AS last_facility
FROM
(
  SELECT l.unit_id AS unit_id, m.2 AS status, m.3 AS facility, toUInt8(isNotNull(m.4)) AS has_value, ifNull(m.4, 0) AS unit_value,
    m.5 AS currency, m.6 AS time, m.7 AS sequence, m.8 AS source, m.9 AS id
  FROM
  (
    SELECT movement_id, argMax((unit_id, toString(to_status), toString(facility), unit_value, toString(currency), time, sequence, source, id), (time, sequence, source, id)) AS m
    FROM
    (
      SELECT * FROM movement_events FINAL
      WHERE movement_id IN (SELECT ref FROM unit_refs WHERE kind = 'movement' AND unit_id IN (SELECT ancestor_id FROM lineage)) AND voided = 0
    )
    GROUP BY movement_id
  ) AS f
  INNER JOIN lineage AS l ON l.ancestor_id = f.m.1
  WHERE f.m.6 <= l.cutoff
)
GROUP BY unit_id`
