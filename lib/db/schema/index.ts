export * from './accounts'
export * from './log'
export * from './reference'
