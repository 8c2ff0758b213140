import { type MonthTask, writeMonth } from './month'

// Started by generate.ts: one task at a time, one answer each; ends with its parent.
process.on('disconnect', () => process.exit(1))
process.on('message', (task: MonthTask) => {
  process.send?.(writeMonth(task))
})
