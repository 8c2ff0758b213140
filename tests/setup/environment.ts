import { rereadEnv } from '../../lib/env'

const BEGAN_WITH = Symbol.for('backhaul.tests.environment')

/** Runs before each test file: whatever the one before it has set in the environment, this one begins with what the worker began with. */
const first: NodeJS.ProcessEnv = Reflect.get(globalThis, BEGAN_WITH) ?? { ...process.env }
Reflect.set(globalThis, BEGAN_WITH, first)
for (const name of Object.keys(process.env)) if (!(name in first)) delete process.env[name]
Object.assign(process.env, first)
rereadEnv()
