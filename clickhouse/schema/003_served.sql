-- SERVED. What dashboards read: one row per return unit and per order line, a pure function of the facts (clickhouse/derive), written whole
-- for whatever changed. `version` is the publisher's generation. Sorted by cohort day so that a period prunes; a row whose day changes is
-- tombstoned under the old day (`unit_home`, `sale_home` know where it was).

CREATE TABLE IF NOT EXISTS units
(
  cohort_day Date, unit_key UInt64 MATERIALIZED cityHash64(unit_id), unit_id String, version UInt64, is_deleted UInt8 DEFAULT 0, content UInt64,
  parent_id String, born_at DateTime64(3, 'UTC'), split_at DateTime64(3, 'UTC'),
  quantity Int64, full_quantity Int64, received_quantity Int64,
  rma_id String, order_id String, order_line_id String, has_sale UInt8, returned UInt8, decision LowCardinality(String),
  sold_at DateTime64(3, 'UTC'), requested_at DateTime64(3, 'UTC'), authorized_at DateTime64(3, 'UTC'), rejected_at DateTime64(3, 'UTC'),
  cancelled_at DateTime64(3, 'UTC'), labelled_at DateTime64(3, 'UTC'), in_transit_at DateTime64(3, 'UTC'), delivered_at DateTime64(3, 'UTC'),
  lost_at DateTime64(3, 'UTC'), expected_at DateTime64(3, 'UTC'), received_at DateTime64(3, 'UTC'), inspected_at DateTime64(3, 'UTC'),
  dispositioned_at DateTime64(3, 'UTC'), refunded_at DateTime64(3, 'UTC'), final_at DateTime64(3, 'UTC'), status_at DateTime64(3, 'UTC'),
  reason LowCardinality(String), return_type LowCardinality(String), condition LowCardinality(String), finding LowCardinality(String),
  serial_match Int8, disposition LowCardinality(String), shift LowCardinality(String), carrier LowCardinality(String),
  facility LowCardinality(String), policy_row LowCardinality(String), status LowCardinality(String), outcome LowCardinality(String),
  sku String, product_id String, product_name String, size LowCardinality(String), category LowCardinality(String), brand LowCardinality(String),
  supplier_id LowCardinality(String), channel LowCardinality(String), campaign LowCardinality(String), segment LowCardinality(String),
  country LowCardinality(String), entity LowCardinality(String), customer_ref String,
  cost_value Int64, full_cost_value Int64, sale_value Int64,
  claimable Int64, claimable_at DateTime64(3, 'UTC'), claim_until DateTime64(3, 'UTC'),
  log Nested(status LowCardinality(String), at DateTime64(3, 'UTC')),
  money Nested(component LowCardinality(String), at DateTime64(3, 'UTC'), amount Int64),
  credit Nested(id String, kind LowCardinality(String), at DateTime64(3, 'UTC'), amount Int64),
  leak Nested(id String, category LowCardinality(String), at DateTime64(3, 'UTC'), until DateTime64(3, 'UTC'), amount Int64),
  claim Nested(id String, claimed_at DateTime64(3, 'UTC'), claimed Int64, accepted_at DateTime64(3, 'UTC'), accepted Int64,
    recovered_at DateTime64(3, 'UTC'), recovered Int64),
  -- The ends of what is nested, as numbers of their own: a period is looked for in these, and the arrays are read only where it may be.
  money_first DateTime64(3, 'UTC') MATERIALIZED arrayMin(money.at), money_last DateTime64(3, 'UTC') MATERIALIZED arrayMax(money.at),
  credit_first DateTime64(3, 'UTC') MATERIALIZED arrayMin(credit.at), credit_last DateTime64(3, 'UTC') MATERIALIZED arrayMax(credit.at),
  INDEX ix_requested requested_at TYPE minmax GRANULARITY 1,
  INDEX ix_received received_at TYPE minmax GRANULARITY 1,
  INDEX ix_final final_at TYPE minmax GRANULARITY 1,
  INDEX ix_inspected inspected_at TYPE minmax GRANULARITY 1,
  INDEX ix_refunded refunded_at TYPE minmax GRANULARITY 1,
  INDEX ix_dispositioned dispositioned_at TYPE minmax GRANULARITY 1,
  INDEX ix_money_last money_last TYPE minmax GRANULARITY 1,
  INDEX ix_money_first money_first TYPE minmax GRANULARITY 1,
  INDEX ix_credit_last credit_last TYPE minmax GRANULARITY 1,
  INDEX ix_credit_first credit_first TYPE minmax GRANULARITY 1,
  INDEX ix_status status TYPE set(20) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, is_deleted) PARTITION BY toStartOfQuarter(cohort_day) ORDER BY (cohort_day, unit_key, unit_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS unit_home (unit_id String, cohort_day Date, generation UInt64)
ENGINE = ReplacingMergeTree(generation) ORDER BY (unit_id, cohort_day)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;
CREATE MATERIALIZED VIEW IF NOT EXISTS unit_home_in TO unit_home AS
SELECT unit_id, cohort_day, version AS generation FROM units WHERE is_deleted = 0;

CREATE TABLE IF NOT EXISTS sales
(
  sold_day Date, order_line_id String, version UInt64, is_deleted UInt8 DEFAULT 0, content UInt64,
  sold_at DateTime64(3, 'UTC'), order_id String, sku String, product_id String, product_name String, size LowCardinality(String),
  category LowCardinality(String), brand LowCardinality(String), supplier_id LowCardinality(String), channel LowCardinality(String),
  campaign LowCardinality(String), segment LowCardinality(String), country LowCardinality(String), entity LowCardinality(String),
  ship_facility LowCardinality(String), customer_ref String, quantity Int64, net Int64, cost Int64
)
ENGINE = ReplacingMergeTree(version, is_deleted) PARTITION BY toYYYYMM(sold_day) ORDER BY (sold_day, order_line_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS sale_home (order_line_id String, sold_day Date, generation UInt64)
ENGINE = ReplacingMergeTree(generation) ORDER BY (order_line_id, sold_day)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;
CREATE MATERIALIZED VIEW IF NOT EXISTS sale_home_in TO sale_home AS
SELECT order_line_id, sold_day, version AS generation FROM sales WHERE is_deleted = 0;

-- ROLLUPS of what is large and dull: rebuilt a month at a time from `sales` and swapped in whole, never incremented.
-- A slot is 15 minutes, so that every time zone's days, hours and DST changes are cut exactly.
CREATE TABLE IF NOT EXISTS sales_slot
(
  slot DateTime('UTC'), category LowCardinality(String), brand LowCardinality(String), supplier_id LowCardinality(String),
  channel LowCardinality(String), campaign LowCardinality(String), segment LowCardinality(String), country LowCardinality(String),
  entity LowCardinality(String), ship_facility LowCardinality(String), size LowCardinality(String), sku LowCardinality(String),
  product_id LowCardinality(String), quantity Int64, net Int64, cost Int64, lines UInt64
)
ENGINE = MergeTree PARTITION BY toYYYYMM(slot) ORDER BY (slot, category, channel)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
CREATE TABLE IF NOT EXISTS sales_slot_stage AS sales_slot;

CREATE TABLE IF NOT EXISTS sales_hour
(
  hour DateTime('UTC'), category LowCardinality(String), channel LowCardinality(String), segment LowCardinality(String),
  country LowCardinality(String), entity LowCardinality(String), quantity Int64, net Int64, cost Int64, lines UInt64
)
ENGINE = MergeTree PARTITION BY toYYYYMM(hour) ORDER BY (hour, category, channel)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
CREATE TABLE IF NOT EXISTS sales_hour_stage AS sales_hour;

-- What the publisher works on, by generation; kept a short while so that a person can see what a publish did.
CREATE TABLE IF NOT EXISTS publish_queue (generation UInt64, kind LowCardinality(String), ref String, at DateTime DEFAULT now())
ENGINE = MergeTree ORDER BY (generation, kind, ref) TTL at + INTERVAL 1 HOUR;
CREATE TABLE IF NOT EXISTS publish_lineage
(generation UInt64, unit_id String, ancestor_id String, cutoff DateTime64(3, 'UTC'), depth UInt8, quantity Int64, at DateTime DEFAULT now())
ENGINE = MergeTree ORDER BY (generation, unit_id, ancestor_id) TTL at + INTERVAL 1 HOUR;
