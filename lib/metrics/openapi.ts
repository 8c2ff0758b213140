import { METRICS } from './definitions/index'
import { DIMENSIONS } from './dimensions'
import { LIMITS } from './normalize'

const parameter = (name: string, description: string, schema: object, more: object = {}) => ({
  name,
  in: 'query',
  description,
  schema,
  ...more,
})
const text = { type: 'string' }
const date = { type: 'string', format: 'date' }
const listed = (values: readonly string[]) => ({
  style: 'form',
  explode: false,
  schema: { type: 'array', items: { type: 'string', enum: values }, minItems: 1 },
})
const value = { type: ['string', 'number', 'null'] }
const row = { type: 'object', additionalProperties: value }
const object = (properties: object, required = Object.keys(properties)) => ({ type: 'object', properties, required })

const refusal = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
})

/**
 * The description of the API by OpenAPI 3.1, made from the definitions: what is not defined is not in it, and what is in it
 * can be asked. Written to docs/api/openapi.json by `npm run generate` and served at /api/v1/openapi.json.
 */
export function openApi(): object {
  const metrics = Object.values(METRICS)
  const dimensions = Object.values(DIMENSIONS)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Backhaul',
      version: '1',
      description:
        'Figures of returns: every metric by every dimension that it can be cut by, over any period, in any time zone.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }, { session: [] }],
    paths: {
      '/api/v1/query': {
        get: {
          operationId: 'query',
          summary: 'Ask for figures',
          parameters: [
            parameter(
              'metrics',
              `What to reckon, comma separated, at most ${LIMITS.metrics}.`,
              {},
              { ...listed(metrics.map(({ id }) => id)), required: true },
            ),
            parameter(
              'by',
              `What to cut by, comma separated, at most ${LIMITS.by}, one of them a time unit.`,
              {},
              listed(dimensions.map(({ id }) => id)),
            ),
            parameter('from', 'First day, in the zone.', date, { required: true }),
            parameter('to', 'The day after the last, in the zone.', date, { required: true }),
            parameter(
              'basis',
              'By date of sale, or by date of what happened. Without it every metric takes its own first.',
              { type: 'string', enum: ['cohort', 'activity'] },
            ),
            parameter('tz', 'IANA zone that time is cut in. Without it the account’s, else the company’s.', text, {
              example: 'Europe/Berlin',
            }),
            parameter(
              'filter',
              `dimension:operator:value|value, operator one of eq, in, not_in; may be repeated, at most ${LIMITS.filters}. A backslash stands before a | of a value; an empty value is "unknown".`,
              { type: 'array', items: text, maxItems: LIMITS.filters },
              { style: 'form', explode: true, example: ['channel:in:dtc|amazon'] },
            ),
            parameter(
              'compare',
              'previous_period, previous_year, or from..to: the whole question moved back by days.',
              text,
              { example: 'previous_period' },
            ),
            parameter(
              'order',
              'Columns, comma separated; a minus is descending, :low sorts a return rate by the lower bound of its Wilson interval.',
              text,
              { example: '-return_rate_units:low' },
            ),
            parameter('limit', `How many rows at most. Without it, more than ${LIMITS.defaultRows} are refused.`, {
              type: 'integer',
              minimum: 1,
              maximum: LIMITS.rows,
            }),
            parameter(
              'as_of',
              'The instant from which to look: what is dated after it does not count. Without it: now.',
              { type: 'string', format: 'date-time' },
            ),
          ],
          responses: {
            200: {
              description: 'The figures.',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Answer' } } },
            },
            400: refusal('What was asked cannot be answered; `parameter` says which part of it.'),
            401: refusal('Nobody asks: no session and no key.'),
            403: refusal('The account or the key may not see figures.'),
            500: refusal('A fault of ours, with an id to quote.'),
          },
        },
      },
    },
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key with the scope metrics:read.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-backhaul.session',
          description: 'A signed-in person. Without HTTPS, as on a laptop, the cookie is called backhaul.session.',
        },
      },
      schemas: {
        Answer: object(
          {
            columns: {
              type: 'array',
              items: object({
                id: text,
                label: text,
                type: { type: 'string', enum: ['text', 'date', 'time', 'number', 'money'] },
                unit: { type: ['string', 'null'], enum: ['count', 'money', 'ratio', 'days', 'ppm', null] },
              }),
            },
            rows: {
              type: 'array',
              items: row,
              description:
                'Money and ratios as numbers (money rounded to four decimals), dates YYYY-MM-DD, instants ISO 8601 in UTC. No value where there is no denominator.',
            },
            totals: { ...row, description: 'The same question without `by`.' },
            comparison: object({ from: date, to: date, rows: { type: 'array', items: row }, totals: row }),
            watermark: {
              type: ['string', 'null'],
              format: 'date-time',
              description: 'Time of the newest event in the figures, not later than it came in.',
            },
            elapsed_ms: { type: 'number' },
          },
          ['columns', 'rows', 'totals', 'watermark', 'elapsed_ms'],
        ),
        Refusal: object({ error: object({ code: text, message: text, parameter: text }, ['code', 'message']) }),
      },
    },
    'x-metrics': Object.fromEntries(
      metrics.map(
        ({ id, label, unit, good, bases, asOf, sentence, formula, numerator, denominator, dimensions: by }) => [
          id,
          {
            label,
            unit,
            good,
            bases,
            as_of: asOf,
            sentence,
            formula,
            ...(denominator ? { numerator, denominator } : {}),
            dimensions: by,
          },
        ],
      ),
    ),
    'x-dimensions': Object.fromEntries(dimensions.map(({ id, label, kind }) => [id, { label, kind }])),
  }
}
