-- Every event that ClickHouse holds, whatever its kind, by identity: for read-back, timelines, verification and strays.
CREATE VIEW IF NOT EXISTS event_index AS
SELECT 'sale_events' AS place, order_line_id AS ref, '' AS unit_id, source, id, version, voided, type, time, sequence, batch, line FROM sale_events FINAL
UNION ALL SELECT 'unit_events', unit_id, unit_id, source, id, version, voided, type, time, sequence, batch, line FROM unit_events FINAL
UNION ALL SELECT 'movement_events', movement_id, unit_id, source, id, version, voided, type, time, sequence, batch, line FROM movement_events FINAL
UNION ALL SELECT 'settlement_events', settlement_id, unit_id, source, id, version, voided, type, time, sequence, batch, line FROM settlement_events FINAL
UNION ALL SELECT 'claim_events', claim_id, unit_id, source, id, version, voided, type, time, sequence, batch, line FROM claim_events FINAL
UNION ALL SELECT 'cost_events', cost_id, unit_id, source, id, version, voided, type, time, sequence, batch, line FROM cost_events FINAL
UNION ALL SELECT 'journal_events', entry_id, unit_id, source, id, version, voided, type, time, sequence, batch, line FROM journal_events FINAL
UNION ALL SELECT 'exception_events', exception_id, unit_id, source, id, version, voided, type, time, sequence, batch, line FROM exception_events FINAL
UNION ALL SELECT 'stock_events', ref, '', source, id, version, voided, type, time, sequence, batch, line FROM stock_events FINAL;
