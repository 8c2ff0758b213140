import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { automation, setting } from '../../db/schema'
import { UserError } from '../../errors'
import { AUTOMATIONS, type AutomationId } from '../automation'
import { command } from '../command'
import { SETTINGS, type SettingKey } from '../settings'

const isAutomation = (id: string): id is AutomationId => Object.hasOwn(AUTOMATIONS, id)
const isSetting = (key: string): key is SettingKey => Object.hasOwn(SETTINGS, key)

/** Switches an automation on or off; while it is off, people do what it did. */
const switchAutomation = command({
  name: 'automation.switch',
  title: 'Switch',
  permission: 'automation:edit',
  input: z.strictObject({
    id: z.string().refine(isAutomation, 'is no automation'),
    enabled: z.boolean(),
    reason: z.string().trim().min(3, 'Say why.').max(500),
  }),
  async run({ tx, doer, audit }, { id, enabled, reason }): Promise<{ enabled: boolean }> {
    const [before] = await tx.select().from(automation).where(eq(automation.id, id)).for('update')
    if ((before?.enabled ?? true) === enabled)
      throw new UserError('nothing_changed', `It is ${enabled ? 'on' : 'off'} already.`, 409, 'enabled')
    await tx
      .insert(automation)
      .values({ id, enabled, changedBy: doer.id })
      .onConflictDoUpdate({ target: automation.id, set: { enabled, changedBy: doer.id } })
    await audit(
      [
        {
          action: 'automation.switched',
          objectType: 'automation',
          objectId: id,
          diff: { enabled: [before?.enabled ?? true, enabled] },
        },
      ],
      { reason },
    )
    return { enabled }
  },
})

/** Sets a limit or a threshold. The value is JSON, checked by what the setting is. */
const changeSetting = command({
  name: 'setting.change',
  title: 'Save',
  permission: 'automation:edit',
  input: z.strictObject({
    key: z.string().refine(isSetting, 'is no setting'),
    value: z.string().max(10_000),
    reason: z.string().trim().min(3, 'Say why.').max(500),
  }),
  async run({ tx, doer, at, audit }, { key, value, reason }): Promise<{ value: unknown }> {
    if (!isSetting(key)) throw new UserError('not_found', 'There is no such setting.', 404, 'key')
    let given: unknown
    try {
      given = JSON.parse(value)
    } catch {
      throw new UserError(
        'invalid_value',
        'The value cannot be read: it is a number, true or false, a list or an object as JSON has them.',
        400,
        'value',
      )
    }
    const parsed = SETTINGS[key].safeParse(given)
    if (!parsed.success)
      throw new UserError(
        'invalid_value',
        parsed.error.issues.map(({ path, message }) => `${path.join('.') || key}: ${message}`).join('; '),
        400,
        'value',
      )
    const [before] = await tx.select().from(setting).where(eq(setting.key, key)).for('update')
    const row = { key, value: parsed.data, changedBy: doer.id, changedAt: at }
    await tx.insert(setting).values(row).onConflictDoUpdate({ target: setting.key, set: row })
    await audit(
      [
        {
          action: 'setting.changed',
          objectType: 'setting',
          objectId: key,
          diff: { value: [before?.value ?? SETTINGS[key].parse(undefined), parsed.data] },
        },
      ],
      { reason },
    )
    return { value: parsed.data }
  },
})

export const switchCommands = [switchAutomation, changeSetting] as const
