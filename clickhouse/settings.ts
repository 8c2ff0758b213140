import type { ClickHouseSettings } from '@clickhouse/client'

/**
 * What every read runs with. The embedded `web` user has these in its profile, and a read-only user may send a setting
 * only with the value it already has: so the client sends the same, and they hold on any server.
 */
export const READ_SETTINGS = {
  max_execution_time: 10,
  max_memory_usage: '2000000000',
  do_not_merge_across_partitions_select_final: 1,
  // The same columns are read all day, and unpacking them is half of what most questions take.
  use_uncompressed_cache: 1,
  merge_tree_max_rows_to_use_cache: '20000000',
  // Compiled at their third use, as is usual, most expressions never earn what that costs; those of a question that is asked all day do.
  min_count_to_compile_expression: '100',
  min_count_to_compile_aggregate_expression: '100',
  min_count_to_compile_sort_description: '100',
} as const satisfies ClickHouseSettings

/**
 * What every write runs with: an answer means that the part is in place, and identity lies in the tables' keys. The
 * server's own insert deduplication stays off, because it can lose rows (docs/decisions).
 */
export const WRITE_SETTINGS = {
  async_insert: 0,
  deduplicate_insert: 'disable',
} as const satisfies ClickHouseSettings
