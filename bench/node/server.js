// Receives webhooks as one would write it in an afternoon: find the endpoint (remembered for a minute), check its secret, read the event,
// store it in one statement and answer after the commit. Database from PG…, port from PORT, the endpoints' secret from SECRET.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import pg from 'pg';

const names = [];
const text = readFileSync(new URL('../sql/store_event.sql', import.meta.url), 'utf8')
  .replace(/^--.*$/gm, '')
  .replace(/(?<!:):([a-z_]+)/g, (_, name) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });

const pool = new pg.Pool({ max: 40 });
const secret = createHash('sha256').update(process.env.SECRET).digest();
const endpoints = new Map();
const app = Fastify({ bodyLimit: 1 << 20 });
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => done(null, body));

async function findEndpoint(token) {
  const known = endpoints.get(token);
  if (known && known.until > Date.now()) return known.endpoint;
  const { rows: [endpoint] } = await pool.query(
    `select e.id, e.organization_id from app.webhook_endpoint e join app.organization o on o.id = e.organization_id
     where e.token_hash = $1 and e.status = 'active' and e.deleted_at is null and o.status = 'active'`,
    [createHash('sha256').update(token).digest()]);
  endpoints.set(token, { endpoint, until: Date.now() + 60_000 });
  return endpoint;
}

// Version 7 (RFC 9562): the time in milliseconds, then random bits.
function newId(now) {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

app.get('/health', async () => ({ status: 'ok' }));

app.post('/api/webhooks/instantly/:token', async (request, reply) => {
  const endpoint = await findEndpoint(request.params.token);
  if (!endpoint) return reply.code(404).send({ success: false });
  const presented = createHash('sha256').update(request.headers['x-bench-secret'] ?? '').digest();
  if (!timingSafeEqual(presented, secret)) return reply.code(401).send({ success: false });
  let event;
  try {
    event = JSON.parse(request.body);
  } catch {
    return reply.code(400).send({ success: false });
  }
  const now = Date.now();
  const contact = event.lead_email?.trim().toLowerCase() ?? null;
  const values = {
    organization: endpoint.organization_id,
    endpoint: endpoint.id,
    id: newId(now),
    received: new Date(now),
    key: createHash('sha256').update(JSON.stringify([
      'instantly', event.event_type, event.workspace, event.campaign_id, contact, event.email_id, event.step, event.variant, event.timestamp,
    ])).digest(),
    type: event.event_type,
    campaign: event.campaign_id,
    campaign_name: event.campaign_name,
    contact,
    occurred: event.timestamp ?? new Date(now),
    headers: JSON.stringify({ 'content-type': request.headers['content-type'], 'user-agent': request.headers['user-agent'] }),
    body: request.body,
  };
  const { rows } = await pool.query({ name: 'store_event', text, values: names.map((name) => values[name]) });
  return { success: true, data: { id: rows[0]?.log_id ?? null, status: 'ignored', duplicate: rows.length === 0 } };
});

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
process.on('SIGTERM', () => app.close().then(() => pool.end()));
