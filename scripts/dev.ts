/** `npm run dev`: the same installation as `npm start`, with pages that follow the sources. */
import { runInTerminal } from './start/terminal'

await runInTerminal('development')
