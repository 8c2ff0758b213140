// Threads do not inherit the main thread's TypeScript loader, so each begins here.
import { register } from 'tsx/esm/api'

register()
await import('./worker.ts')
