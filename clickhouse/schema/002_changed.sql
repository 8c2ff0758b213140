-- CHANGED. What a batch touched, and which units hang on what. Supersets are harmless here: they cost a republish, never a number.

CREATE TABLE IF NOT EXISTS changed (batch UInt64, kind LowCardinality(String), ref String, at DateTime DEFAULT now())
ENGINE = MergeTree ORDER BY (batch, kind, ref) TTL at + INTERVAL 2 DAY;

CREATE MATERIALIZED VIEW IF NOT EXISTS changed_in TO changed AS
SELECT DISTINCT b AS batch,
  multiIf(e.type = 'sale.shipped.v1', 'line', startsWith(e.type, 'settlement.'), 'settlement', startsWith(e.type, 'claim.'), 'claim',
    e.type = 'cost.incurred.v1', 'cost', e.type = 'unit.moved.v1', 'movement', 'unit') AS kind,
  multiIf(e.type = 'sale.shipped.v1', e.data.order_line_id, startsWith(e.type, 'settlement.'), e.data.settlement_id,
    startsWith(e.type, 'claim.'), e.data.claim_id, e.type = 'cost.incurred.v1', e.data.cost_id, e.type = 'unit.moved.v1', e.data.movement_id,
    e.data.unit_id) AS ref
FROM event_input
WHERE NOT (startsWith(e.type, 'journal.') OR startsWith(e.type, 'exception.') OR startsWith(e.type, 'stock.'));

-- Which units a settlement, claim, cost, movement, order line or parent was ever named with. A fact without its link is found by nobody, so
-- a link is on the disk as soon as its fact is.
CREATE TABLE IF NOT EXISTS ref_units (kind LowCardinality(String), ref String, unit_id String)
ENGINE = ReplacingMergeTree ORDER BY (kind, ref, unit_id)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

-- The same, by unit.
CREATE TABLE IF NOT EXISTS unit_refs (unit_id String, kind LowCardinality(String), ref String)
ENGINE = ReplacingMergeTree ORDER BY (unit_id, kind, ref)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS ref_units_in TO ref_units AS
SELECT DISTINCT link.1 AS kind, link.2 AS ref, link.3 AS unit_id FROM
(
  SELECT arrayJoin(multiIf(
    e.type = 'return.requested.v1', [('line', e.data.order_line_id, e.data.unit_id)],
    startsWith(e.type, 'settlement.'), [('settlement', e.data.settlement_id, e.data.unit_id)],
    startsWith(e.type, 'claim.'), [('claim', e.data.claim_id, e.data.unit_id)],
    e.type = 'cost.incurred.v1', [('cost', e.data.cost_id, e.data.unit_id)],
    e.type = 'unit.moved.v1', [('movement', e.data.movement_id, e.data.unit_id)],
    e.type = 'unit.split.v1', arrayMap(x -> ('parent', e.data.unit_id, x.1), e.data.into),
    CAST([], 'Array(Tuple(String, String, String))'))) AS link
  FROM event_input
);

CREATE MATERIALIZED VIEW IF NOT EXISTS unit_refs_in TO unit_refs AS SELECT unit_id, kind, ref FROM ref_units;
