import { expect, test } from 'vitest'
import { readSetting, settingText } from './setting-text'
import { SETTINGS, type SettingKey } from './settings'

test('every setting is read back as it is written, as delivered', () => {
  for (const key of Object.keys(SETTINGS) as SettingKey[]) {
    const value = SETTINGS[key].parse(undefined)
    const read: unknown = readSetting(key, settingText(key, value as never))
    expect(read).toEqual(value)
  }
})

test('rates are by facility, with a currency where it is another', () => {
  expect(readSetting('labor_rates', 'all 28, lodz 61.50 PLN')).toEqual({
    '*': { per_hour: '28' },
    lodz: { per_hour: '61.50', currency: 'PLN' },
  })
  expect(settingText('labor_rates', { '*': { per_hour: '28' }, lodz: { per_hour: '61.50', currency: 'PLN' } })).toBe(
    'all 28, lodz 61.50 PLN',
  )
})

test('a list may be empty, in a word', () => {
  expect(readSetting('managed_sources', 'none')).toEqual([])
  expect(settingText('managed_sources', [])).toBe('none')
})

test('what cannot be read says what is wanted', () => {
  expect(() => readSetting('late_hours', 'soon')).toThrow(/Write: A number/)
  expect(() => readSetting('late_hours', '0')).toThrow(/The value/)
  expect(() => readSetting('labor_rates', 'lodz 61 zł')).toThrow(/facility, an amount an hour/)
  expect(() => readSetting('labor_rates', 'all 28,')).toThrow(/facility/)
})
