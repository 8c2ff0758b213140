-- REFERENCE. Copies of what Postgres decides; replaced whole by the worker when they change.

CREATE TABLE IF NOT EXISTS facility_ref (id String, name String, kind LowCardinality(String), entity String, country String, tz String, daily_capacity UInt32)
ENGINE = MergeTree ORDER BY id;
CREATE TABLE IF NOT EXISTS supplier_ref (id String, name String, coverage_units Int64, window_days Int64, currency String)
ENGINE = MergeTree ORDER BY id;
CREATE TABLE IF NOT EXISTS annotation_ref (id String, at DateTime64(3, 'UTC'), kind LowCardinality(String), label String)
ENGINE = MergeTree ORDER BY (at, id);

-- What codes of outside systems mean; asked while units are derived, so that the truth keeps what the source said.
CREATE TABLE IF NOT EXISTS code_ref (source String, list String, outside String, code String)
ENGINE = Join(ANY, LEFT, source, list, outside);

-- One rate for every currency and day between the first and the last day of the table, in 1/10^10 of the reporting currency.
CREATE TABLE IF NOT EXISTS fx_daily (currency String, day Date, rate Int64)
ENGINE = Join(ANY, LEFT, currency, day);
-- Its first and last day (a Join table with two keys can be asked, but not read).
CREATE TABLE IF NOT EXISTS fx_bounds (first Date, last Date) ENGINE = MergeTree ORDER BY first;

-- How far the served tables are: one row per delivered batch.
CREATE TABLE IF NOT EXISTS delivered (batch UInt64, max_time DateTime64(3, 'UTC'), rows UInt32, at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = ReplacingMergeTree(at) ORDER BY batch;
-- An event may be dated ahead of its arrival, which says nothing of how far the figures are: no batch reaches further than the moment of its
-- delivery. What is late moves `delivered_at` alone, and that is what tells a page that there is something new.
CREATE OR REPLACE VIEW watermark AS
SELECT max(least(max_time, at)) AS event_time, max(at) AS delivered_at FROM delivered;
