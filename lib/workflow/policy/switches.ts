import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { automation, setting } from '../../db/schema'
import { UserError } from '../../errors'
import { AUTOMATIONS, type AutomationId } from '../automation'
import { command } from '../command'
import { readSetting } from '../setting-text'
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

/** Sets a limit or a threshold. The value is the text that a person reads there, checked by what the setting is. */
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
    const next = readSetting(key, value)
    const [before] = await tx.select().from(setting).where(eq(setting.key, key)).for('update')
    const row = { key, value: next, changedBy: doer.id, changedAt: at }
    await tx.insert(setting).values(row).onConflictDoUpdate({ target: setting.key, set: row })
    await audit(
      [
        {
          action: 'setting.changed',
          objectType: 'setting',
          objectId: key,
          diff: { value: [before?.value ?? SETTINGS[key].parse(undefined), next] },
        },
      ],
      { reason },
    )
    return { value: next }
  },
})

export const switchCommands = [switchAutomation, changeSetting] as const
