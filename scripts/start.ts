/** `npm start`: from a fresh clone to live dashboards. What it does and in which order: scripts/start/product.ts. */
import { runInTerminal } from './start/terminal'

await runInTerminal('production')
