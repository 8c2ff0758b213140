-- TRUTH. Every event enters through `event_input`, which keeps nothing; materialized views route it to the truth table of its kind.
-- A truth table holds one row per (what the event is about, identity of the event); the highest version of a row wins, so that
-- duplicates, replays and re-split batches collapse. ClickHouse's own insert deduplication stays off: identity lives in the sorting keys.
-- Small granules: the publisher reads the events of a few hundred units, spread over the whole table, several times a second.

CREATE TABLE IF NOT EXISTS event_input
(
  b UInt64, -- batch
  s UInt32, -- line of the batch
  h UInt32, -- content hash
  e Tuple(
    id String, source String, type LowCardinality(String), time DateTime64(3, 'UTC'), sequence String, revision Float64, voided Bool,
    data Tuple(
      unit_id String, rma_id String, order_id String, order_line_id String, sku String, quantity Float64, channel LowCardinality(String),
      currency LowCardinality(String), net_amount Nullable(Decimal(18, 4)), tax_amount Nullable(Decimal(18, 4)), unit_cost Nullable(Decimal(18, 4)),
      unit_price Nullable(Decimal(18, 4)), product_id String, product_name String, size LowCardinality(String), category LowCardinality(String),
      brand LowCardinality(String), supplier_id LowCardinality(String), campaign LowCardinality(String), segment LowCardinality(String),
      country LowCardinality(String), entity LowCardinality(String), customer_id String, facility LowCardinality(String),
      reason_code LowCardinality(String), return_type LowCardinality(String), sold_at DateTime64(3, 'UTC'), policy_row LowCardinality(String),
      policy_version LowCardinality(String), reason String, actor LowCardinality(String), carrier LowCardinality(String), tracking_number String,
      expected_at DateTime64(3, 'UTC'), location LowCardinality(String), shift LowCardinality(String), condition_code LowCardinality(String),
      serial String, lot String, finding_code LowCardinality(String), serial_match Nullable(Bool), accessories_complete Nullable(Bool),
      labor_minutes Nullable(Float64), into Array(Tuple(unit_id String, quantity Float64)), disposition LowCardinality(String),
      rule_row LowCardinality(String), overridden Nullable(Bool), movement_id String, from_status LowCardinality(String), to_status LowCardinality(String),
      unit_value Nullable(Decimal(18, 4)), settlement_id String, kind LowCardinality(String), amount Nullable(Decimal(18, 4)),
      fee_amount Nullable(Decimal(18, 4)), entitled_amount Nullable(Decimal(18, 4)), fee_due_amount Nullable(Decimal(18, 4)),
      deduction_amount Nullable(Decimal(18, 4)), deduction_due_amount Nullable(Decimal(18, 4)), clawback_due_amount Nullable(Decimal(18, 4)),
      discrepancy_amount Nullable(Decimal(18, 4)), currency_difference_amount Nullable(Decimal(18, 4)), in_policy Nullable(Bool),
      exception_id String, method LowCardinality(String), external_ref String, cause LowCardinality(String), claim_id String, cost_id String,
      entry_id String, cause_id String, period LowCardinality(String),
      lines Array(Tuple(account LowCardinality(String), debit Decimal(18, 4), credit Decimal(18, 4))),
      severity LowCardinality(String), owner_role LowCardinality(String), due_at DateTime64(3, 'UTC'), resolution String,
      count_id String, adjustment_id String, status LowCardinality(String)
    )
  )
)
ENGINE = Null;

CREATE TABLE IF NOT EXISTS sale_events
(
  order_line_id String, source String, id String, version UInt64, voided UInt8, type LowCardinality(String),
  time DateTime64(3, 'UTC'), sequence String, batch UInt64, line UInt32,
  order_id String, sku String, quantity Int64, net_amount Int64, tax_amount Int64, unit_cost Nullable(Int64), currency LowCardinality(String),
  channel LowCardinality(String), facility LowCardinality(String), product_id String, product_name String, size LowCardinality(String),
  category LowCardinality(String), brand LowCardinality(String), supplier_id LowCardinality(String), campaign LowCardinality(String),
  segment LowCardinality(String), country LowCardinality(String), entity LowCardinality(String), customer_ref String, lot String,
  INDEX ix_batch batch TYPE minmax GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version) ORDER BY (order_line_id, source, id)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS sale_events_in TO sale_events AS
SELECT e.data.order_line_id AS order_line_id, e.source AS source, e.id AS id, bitShiftLeft(toUInt64(e.revision), 32) + h AS version,
  e.voided AS voided, e.type AS type, e.time AS time, e.sequence AS sequence, b AS batch, s AS line,
  e.data.order_id AS order_id, e.data.sku AS sku, toInt64(e.data.quantity) AS quantity, {units:e.data.net_amount} AS net_amount,
  {units:e.data.tax_amount} AS tax_amount, {maybe_units:e.data.unit_cost} AS unit_cost, e.data.currency AS currency, e.data.channel AS channel,
  e.data.facility AS facility, e.data.product_id AS product_id, e.data.product_name AS product_name, e.data.size AS size,
  e.data.category AS category, e.data.brand AS brand, e.data.supplier_id AS supplier_id, e.data.campaign AS campaign,
  e.data.segment AS segment, e.data.country AS country, e.data.entity AS entity, {customer_ref:e.data.customer_id} AS customer_ref, e.data.lot AS lot
FROM event_input WHERE e.type = 'sale.shipped.v1';

CREATE TABLE IF NOT EXISTS unit_events
(
  unit_id String, source String, id String, version UInt64, voided UInt8, type LowCardinality(String),
  time DateTime64(3, 'UTC'), sequence String, batch UInt64, line UInt32,
  rma_id String, order_id String, order_line_id String, sku String, quantity Int64, reason LowCardinality(String), return_type LowCardinality(String),
  channel LowCardinality(String), facility LowCardinality(String), unit_price Nullable(Int64), unit_cost Nullable(Int64), currency LowCardinality(String),
  sold_at DateTime64(3, 'UTC'), product_id String, product_name String, size LowCardinality(String), category LowCardinality(String),
  brand LowCardinality(String), supplier_id LowCardinality(String), campaign LowCardinality(String), segment LowCardinality(String),
  country LowCardinality(String), entity LowCardinality(String), customer_ref String, policy_row LowCardinality(String),
  policy_version LowCardinality(String), carrier LowCardinality(String), tracking_number String, expected_at DateTime64(3, 'UTC'),
  location LowCardinality(String), shift LowCardinality(String), condition LowCardinality(String), serial String, lot String,
  finding LowCardinality(String), serial_match Int8, accessories_complete Int8, disposition LowCardinality(String), rule_row LowCardinality(String),
  overridden Int8, into Array(Tuple(unit_id String, quantity Int64)), actor LowCardinality(String),
  INDEX ix_batch batch TYPE minmax GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version) ORDER BY (unit_id, source, id)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS unit_events_in TO unit_events AS
SELECT e.data.unit_id AS unit_id, e.source AS source, e.id AS id, bitShiftLeft(toUInt64(e.revision), 32) + h AS version,
  e.voided AS voided, e.type AS type, e.time AS time, e.sequence AS sequence, b AS batch, s AS line,
  e.data.rma_id AS rma_id, e.data.order_id AS order_id, e.data.order_line_id AS order_line_id, e.data.sku AS sku, toInt64(e.data.quantity) AS quantity,
  e.data.reason_code AS reason, e.data.return_type AS return_type, e.data.channel AS channel, e.data.facility AS facility,
  {maybe_units:e.data.unit_price} AS unit_price, {maybe_units:e.data.unit_cost} AS unit_cost, e.data.currency AS currency, e.data.sold_at AS sold_at,
  e.data.product_id AS product_id, e.data.product_name AS product_name, e.data.size AS size, e.data.category AS category, e.data.brand AS brand,
  e.data.supplier_id AS supplier_id, e.data.campaign AS campaign, e.data.segment AS segment, e.data.country AS country, e.data.entity AS entity,
  {customer_ref:e.data.customer_id} AS customer_ref, e.data.policy_row AS policy_row, e.data.policy_version AS policy_version,
  e.data.carrier AS carrier, e.data.tracking_number AS tracking_number, e.data.expected_at AS expected_at, e.data.location AS location,
  e.data.shift AS shift, e.data.condition_code AS condition, e.data.serial AS serial, e.data.lot AS lot, e.data.finding_code AS finding,
  toInt8(ifNull(toInt8(e.data.serial_match), -1)) AS serial_match, toInt8(ifNull(toInt8(e.data.accessories_complete), -1)) AS accessories_complete,
  e.data.disposition AS disposition, e.data.rule_row AS rule_row, toInt8(ifNull(toInt8(e.data.overridden), -1)) AS overridden,
  arrayMap(x -> (x.1, toInt64(x.2)), e.data.into) AS into, e.data.actor AS actor
FROM event_input
WHERE startsWith(e.type, 'return.') OR startsWith(e.type, 'shipment.') OR (startsWith(e.type, 'unit.') AND e.type != 'unit.moved.v1');

CREATE TABLE IF NOT EXISTS movement_events
(
  movement_id String, source String, id String, version UInt64, voided UInt8, type LowCardinality(String),
  time DateTime64(3, 'UTC'), sequence String, batch UInt64, line UInt32,
  unit_id String, from_status LowCardinality(String), to_status LowCardinality(String), quantity Int64, facility LowCardinality(String),
  location LowCardinality(String), unit_value Nullable(Int64), currency LowCardinality(String), actor LowCardinality(String),
  INDEX ix_batch batch TYPE minmax GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version) ORDER BY (movement_id, source, id)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS movement_events_in TO movement_events AS
SELECT e.data.movement_id AS movement_id, e.source AS source, e.id AS id, bitShiftLeft(toUInt64(e.revision), 32) + h AS version,
  e.voided AS voided, e.type AS type, e.time AS time, e.sequence AS sequence, b AS batch, s AS line,
  e.data.unit_id AS unit_id, e.data.from_status AS from_status, e.data.to_status AS to_status, toInt64(e.data.quantity) AS quantity,
  e.data.facility AS facility, e.data.location AS location, {maybe_units:e.data.unit_value} AS unit_value, e.data.currency AS currency, e.data.actor AS actor
FROM event_input WHERE e.type = 'unit.moved.v1';

CREATE TABLE IF NOT EXISTS settlement_events
(
  settlement_id String, source String, id String, version UInt64, voided UInt8, type LowCardinality(String),
  time DateTime64(3, 'UTC'), sequence String, batch UInt64, line UInt32,
  unit_id String, kind LowCardinality(String), amount Int64, currency LowCardinality(String), tax_amount Int64, fee_amount Int64,
  entitled_amount Nullable(Int64), fee_due_amount Int64, deduction_amount Int64, deduction_due_amount Int64, clawback_due_amount Int64,
  discrepancy_amount Int64, currency_difference_amount Int64, in_policy Int8, exception_id String, method LowCardinality(String),
  external_ref String, cause LowCardinality(String), policy_row LowCardinality(String), actor LowCardinality(String),
  INDEX ix_batch batch TYPE minmax GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version) ORDER BY (settlement_id, source, id)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS settlement_events_in TO settlement_events AS
SELECT e.data.settlement_id AS settlement_id, e.source AS source, e.id AS id, bitShiftLeft(toUInt64(e.revision), 32) + h AS version,
  e.voided AS voided, e.type AS type, e.time AS time, e.sequence AS sequence, b AS batch, s AS line,
  e.data.unit_id AS unit_id, e.data.kind AS kind, {units:e.data.amount} AS amount, e.data.currency AS currency, {units:e.data.tax_amount} AS tax_amount,
  {units:e.data.fee_amount} AS fee_amount, {maybe_units:e.data.entitled_amount} AS entitled_amount, {units:e.data.fee_due_amount} AS fee_due_amount,
  {units:e.data.deduction_amount} AS deduction_amount, {units:e.data.deduction_due_amount} AS deduction_due_amount,
  {units:e.data.clawback_due_amount} AS clawback_due_amount, {units:e.data.discrepancy_amount} AS discrepancy_amount,
  {units:e.data.currency_difference_amount} AS currency_difference_amount, toInt8(ifNull(toInt8(e.data.in_policy), -1)) AS in_policy,
  e.data.exception_id AS exception_id, e.data.method AS method, e.data.external_ref AS external_ref, e.data.cause AS cause,
  e.data.policy_row AS policy_row, e.data.actor AS actor
FROM event_input WHERE startsWith(e.type, 'settlement.');

CREATE TABLE IF NOT EXISTS claim_events
(
  claim_id String, source String, id String, version UInt64, voided UInt8, type LowCardinality(String),
  time DateTime64(3, 'UTC'), sequence String, batch UInt64, line UInt32,
  unit_id String, supplier_id LowCardinality(String), amount Int64, currency LowCardinality(String), reason String, external_ref String,
  INDEX ix_batch batch TYPE minmax GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version) ORDER BY (claim_id, source, id)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS claim_events_in TO claim_events AS
SELECT e.data.claim_id AS claim_id, e.source AS source, e.id AS id, bitShiftLeft(toUInt64(e.revision), 32) + h AS version,
  e.voided AS voided, e.type AS type, e.time AS time, e.sequence AS sequence, b AS batch, s AS line,
  e.data.unit_id AS unit_id, e.data.supplier_id AS supplier_id, {units:e.data.amount} AS amount, e.data.currency AS currency,
  e.data.reason AS reason, e.data.external_ref AS external_ref
FROM event_input WHERE startsWith(e.type, 'claim.');

CREATE TABLE IF NOT EXISTS cost_events
(
  cost_id String, source String, id String, version UInt64, voided UInt8, type LowCardinality(String),
  time DateTime64(3, 'UTC'), sequence String, batch UInt64, line UInt32,
  unit_id String, kind LowCardinality(String), amount Int64, currency LowCardinality(String),
  INDEX ix_batch batch TYPE minmax GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version) ORDER BY (cost_id, source, id)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS cost_events_in TO cost_events AS
SELECT e.data.cost_id AS cost_id, e.source AS source, e.id AS id, bitShiftLeft(toUInt64(e.revision), 32) + h AS version,
  e.voided AS voided, e.type AS type, e.time AS time, e.sequence AS sequence, b AS batch, s AS line,
  e.data.unit_id AS unit_id, e.data.kind AS kind, {units:e.data.amount} AS amount, e.data.currency AS currency
FROM event_input WHERE e.type = 'cost.incurred.v1';

CREATE TABLE IF NOT EXISTS journal_events
(
  entry_id String, source String, id String, version UInt64, voided UInt8, type LowCardinality(String),
  time DateTime64(3, 'UTC'), sequence String, batch UInt64, line UInt32,
  cause_id String, period LowCardinality(String), currency LowCardinality(String), unit_id String, entity LowCardinality(String),
  lines Array(Tuple(account LowCardinality(String), debit Int64, credit Int64)),
  INDEX ix_batch batch TYPE minmax GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version) ORDER BY (entry_id, source, id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS journal_events_in TO journal_events AS
SELECT e.data.entry_id AS entry_id, e.source AS source, e.id AS id, bitShiftLeft(toUInt64(e.revision), 32) + h AS version,
  e.voided AS voided, e.type AS type, e.time AS time, e.sequence AS sequence, b AS batch, s AS line,
  e.data.cause_id AS cause_id, e.data.period AS period, e.data.currency AS currency, e.data.unit_id AS unit_id, e.data.entity AS entity,
  arrayMap(x -> (x.1, reinterpretAsInt64(x.2), reinterpretAsInt64(x.3)), e.data.lines) AS lines
FROM event_input WHERE e.type = 'journal.posted.v1';

CREATE TABLE IF NOT EXISTS exception_events
(
  exception_id String, source String, id String, version UInt64, voided UInt8, type LowCardinality(String),
  time DateTime64(3, 'UTC'), sequence String, batch UInt64, line UInt32,
  kind LowCardinality(String), unit_id String, rma_id String, severity LowCardinality(String), owner_role LowCardinality(String),
  due_at DateTime64(3, 'UTC'), resolution String, actor LowCardinality(String),
  INDEX ix_batch batch TYPE minmax GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version) ORDER BY (exception_id, source, id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS exception_events_in TO exception_events AS
SELECT e.data.exception_id AS exception_id, e.source AS source, e.id AS id, bitShiftLeft(toUInt64(e.revision), 32) + h AS version,
  e.voided AS voided, e.type AS type, e.time AS time, e.sequence AS sequence, b AS batch, s AS line,
  e.data.kind AS kind, e.data.unit_id AS unit_id, e.data.rma_id AS rma_id, e.data.severity AS severity, e.data.owner_role AS owner_role,
  e.data.due_at AS due_at, e.data.resolution AS resolution, e.data.actor AS actor
FROM event_input WHERE startsWith(e.type, 'exception.');

-- Counts and adjustments: what was found in a place, and what was changed by hand there.
CREATE TABLE IF NOT EXISTS stock_events
(
  ref String, source String, id String, version UInt64, voided UInt8, type LowCardinality(String),
  time DateTime64(3, 'UTC'), sequence String, batch UInt64, line UInt32,
  facility LowCardinality(String), location LowCardinality(String), sku String, status LowCardinality(String), quantity Int64,
  reason String, actor LowCardinality(String),
  INDEX ix_batch batch TYPE minmax GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version) ORDER BY (ref, source, id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS stock_events_in TO stock_events AS
SELECT if(e.type = 'stock.counted.v1', e.data.count_id, e.data.adjustment_id) AS ref, e.source AS source, e.id AS id,
  bitShiftLeft(toUInt64(e.revision), 32) + h AS version, e.voided AS voided, e.type AS type, e.time AS time, e.sequence AS sequence,
  b AS batch, s AS line, e.data.facility AS facility, e.data.location AS location, e.data.sku AS sku, e.data.status AS status,
  toInt64(e.data.quantity) AS quantity, e.data.reason AS reason, e.data.actor AS actor
FROM event_input WHERE startsWith(e.type, 'stock.');
