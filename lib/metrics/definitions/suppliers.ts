import type { FamilyDefinition, Metric, Part } from '../definition-types'
import { DAY_MS, milliseconds, reached } from './expressions'

const claim = (label: string, stage: 'claimed' | 'accepted' | 'recovered'): Part => ({
  label,
  fact: 'claim',
  time: `claim.${stage}_at`,
  value: `claim.${stage}`,
  measure: 'sum',
  unit: 'money',
})

const rate = (
  id: string,
  label: string,
  of: string,
  by: string,
  good: Metric['good'],
  sentence: string,
  formula: string,
): Metric => ({
  id,
  label,
  unit: 'ratio',
  good,
  bases: ['activity', 'cohort'],
  value: { kind: 'ratio', of, by },
  sentence,
  formula,
  owner: 'vendor_recovery',
})

/** Claims that brought something, by the day on which they did. */
const credited = {
  fact: 'claim',
  time: 'claim.recovered_at',
  when: reached('claim.claimed_at'),
} as const
const untilCredit = milliseconds('claim.claimed_at', 'claim.recovered_at')
const LEVELS = [50, 90, 95] as const
const days = { unit: 'days', good: 'down', bases: ['activity', 'cohort'], owner: 'vendor_recovery' } as const

const sum = (
  id: string,
  label: string,
  of: string,
  good: Metric['good'],
  sentence: string,
  formula: string,
): Metric => ({
  id,
  label,
  unit: 'money',
  good,
  bases: ['activity', 'cohort'],
  value: { kind: 'part', of },
  sentence,
  formula,
  owner: 'vendor_recovery',
})

const NOT_CLAIMED = `NOT arrayExists(claimed_at -> ${reached('claimed_at')}, claim.claimed_at)`

/** What suppliers answer for, from what could be claimed to what came back. */
export const suppliers: FamilyDefinition = {
  family: 'suppliers',
  parts: {
    defect_quantity: {
      label: 'Units with a confirmed defect',
      fact: 'units',
      time: 'inspected_at',
      when: "finding = 'confirmed_defect'",
      value: 'quantity',
      measure: 'sum',
      unit: 'count',
    },
    claimable: {
      label: 'Claimable',
      fact: 'units',
      time: 'claimable_at',
      value: 'claimable',
      measure: 'sum',
      unit: 'money',
    },
    claimed: claim('Claimed', 'claimed'),
    accepted: claim('Accepted', 'accepted'),
    recovered: claim('Recovered', 'recovered'),
    days_to_credit_time: {
      ...credited,
      label: 'Time from claim to credit',
      value: untilCredit,
      measure: 'sum',
      unit: 'milliseconds',
    },
    days_to_credit_weight: { ...credited, label: 'Claims credited', value: '1', measure: 'sum', unit: 'count' },
    ...Object.fromEntries(
      LEVELS.map((level) => [
        `days_to_credit_p${level}`,
        {
          ...credited,
          label: `Claim to credit, ${level} %`,
          value: untilCredit,
          weight: '1',
          measure: 'quantile',
          level: level / 100,
          unit: 'milliseconds',
        } satisfies Part,
      ]),
    ),
    missed: {
      label: 'Missed',
      fact: 'units',
      time: 'claim_until',
      when: `claimable > 0 AND claim_until < $T AND ${reached('claimable_at')} AND ${NOT_CLAIMED}`,
      value: 'claimable',
      measure: 'sum',
      unit: 'money',
    },
  },
  metrics: [
    {
      id: 'supplier_defect_units',
      label: 'Defective units',
      unit: 'count',
      good: 'down',
      bases: ['activity', 'cohort'],
      value: { kind: 'part', of: 'defect_quantity' },
      sentence: 'Units whose inspection confirmed a defect.',
      formula: 'Σ quantity with finding confirmed_defect, by inspected_at',
      owner: 'vendor_recovery',
    },
    {
      id: 'supplier_defect_ppm',
      label: 'Defects per million',
      unit: 'ppm',
      good: 'down',
      bases: ['cohort'],
      value: { kind: 'ratio', of: 'defect_quantity', by: 'sold_quantity', times: 1_000_000 },
      sentence: 'Of a million units sold, how many came back with a confirmed defect.',
      formula: 'Σ quantity with finding confirmed_defect ÷ Σ quantity sold × 1,000,000',
      owner: 'vendor_recovery',
    },
    sum(
      'claimable_value',
      'Claimable',
      'claimable',
      'none',
      'What suppliers owe by their agreements for confirmed defects.',
      'Σ cost × coverage, by inspected_at',
    ),
    sum(
      'claimed_value',
      'Claimed',
      'claimed',
      'up',
      'What was claimed from suppliers.',
      'Σ claimed amount, by the day of the claim',
    ),
    sum(
      'accepted_value',
      'Accepted',
      'accepted',
      'up',
      'What suppliers accepted.',
      'Σ accepted amount, by the day of acceptance',
    ),
    sum(
      'recovered_value',
      'Recovered',
      'recovered',
      'up',
      'What suppliers paid or credited.',
      'Σ recovered amount, by the day of recovery',
    ),
    sum(
      'missed_claim_value',
      'Missed claims',
      'missed',
      'down',
      'What could have been claimed and was not before the window closed.',
      'Σ claimable without a claim, by the end of the claim window',
    ),
    rate(
      'supplier_recovery_rate',
      'Supplier recovery',
      'recovered',
      'claimable',
      'up',
      'Of what suppliers owe by their agreements, the share that came back.',
      'recovered ÷ claimable',
    ),
    rate(
      'claim_coverage',
      'Claim coverage',
      'claimed',
      'claimable',
      'up',
      'Of what suppliers owe by their agreements, the share that was claimed. Claims beyond an agreement count too.',
      'claimed ÷ claimable',
    ),
    rate(
      'claim_approval_rate',
      'Claims accepted',
      'accepted',
      'claimed',
      'up',
      'Of what was claimed, the share that suppliers accepted.',
      'accepted ÷ claimed',
    ),
    rate(
      'claim_recovery_rate',
      'Recovery of claims',
      'recovered',
      'claimed',
      'up',
      'Of what was claimed, the share that came back.',
      'recovered ÷ claimed',
    ),
    {
      ...days,
      id: 'days_to_credit',
      label: 'Claim to credit, mean',
      value: { kind: 'ratio', of: 'days_to_credit_time', by: 'days_to_credit_weight', over: DAY_MS },
      sentence: 'Mean days from a claim to the supplier’s credit, of the claims that were credited in the period.',
      formula: 'Σ (recovered_at − claimed_at) ÷ number of claims, in days of 86,400 s',
    },
    ...LEVELS.map(
      (level): Metric => ({
        ...days,
        id: `days_to_credit_p${level}`,
        label: level === 50 ? 'Claim to credit, median' : `Claim to credit, ${level}th percentile`,
        value: { kind: 'quantile', of: `days_to_credit_p${level}`, by: 'days_to_credit_weight', over: DAY_MS },
        sentence: `Days from a claim to the supplier’s credit that ${level === 50 ? 'half' : `${level} %`} of the claims needed at most.`,
        formula: `smallest recovered_at − claimed_at that ≥ ${level} % of the claims do not exceed`,
      }),
    ),
  ],
}
