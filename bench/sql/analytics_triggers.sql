-- What the triggers of analytics cost where webhooks are processed: app.apply_webhook_events with and without them, in turn on the same rows. Processor time
-- is what counts on a machine that others use too. As superuser, in a database of the analytics scenario; :batch events at a time:
--   psql -d bench_analytics_10000000 -v batch=200 -qf bench/sql/analytics_triggers.sql
\set ON_ERROR_STOP 1
set client_min_messages = warning;
select set_config('bench.batch', :'batch', false) \g /dev/null
create temp table result (turn int, kind text, ms double precision, cpu double precision);
create function pg_temp.cpu() returns double precision language sql volatile as $f$ select (s[14]::float8 + s[15]::float8) * 10 from (select regexp_split_to_array(pg_read_file('/proc/' || pg_backend_pid() || '/stat'), ' ') s) x $f$;
do $$
declare
  org uuid := '00000000-0000-0000-0000-000000000002';
  turn int; kind text; b int; t0 timestamptz; c0 float8; events jsonb;
  batches jsonb[];
  taken jsonb := '[]';
begin
  for turn in 0..10 loop
    foreach kind in array case when turn % 2 = 0 then array['with','without'] else array['without','with'] end loop
      batches := '{}';
      for b in 1..greatest(20, 1000 / current_setting('bench.batch')::integer) loop
        select jsonb_agg(jsonb_build_object('log_id', uuidv7(), 'log_created_at', now(), 'organization_id', org, 'event_source', 'manual',
            'event_type', (array['email.sent','email.opened','email.opened','email.link_clicked','email.replied'])[1 + e % 5],
            'occurred_at', now(), 'new_campaign_id', uuidv7(), 'new_contact_id', uuidv7(), 'new_lead_id', uuidv7(), 'activity_id', uuidv7(),
            'campaign_external_id', m.campaign_id, 'email', k.email, 'email_norm', k.email_norm, 'details', '{"step": 1}'::jsonb,
            'lead_status', (array['contacted',null,null,null,'responded'])[1 + e % 5], 'counter', (array['sent','opened','opened','clicked','replied'])[1 + e % 5]))
        into events
        from (select l.campaign_id, l.contact_id, (row_number() over ())::int as e from app.lead l where l.organization_id = org order by md5(l.id::text || turn || b || kind) limit current_setting('bench.batch')::integer) m
        join app.contact k on k.organization_id = org and k.id = m.contact_id;
        batches := batches || events;
      end loop;
      if kind = 'without' then
        alter table app.lead disable trigger note_lead_analytics_insert; alter table app.lead disable trigger note_lead_analytics_update;
        alter table app.activity disable trigger note_activity_analytics_insert;
      end if;
      t0 := clock_timestamp(); c0 := pg_temp.cpu();
      for b in 1..greatest(20, 1000 / current_setting('bench.batch')::integer) loop
        perform app.apply_webhook_events(batches[b], now());
      end loop;
      -- The first turn warms up.
      if turn > 0 then
        taken := taken || jsonb_build_object('turn', turn, 'kind', kind, 'ms', extract(epoch from clock_timestamp() - t0) * 1000, 'cpu', pg_temp.cpu() - c0);
      end if;
      -- The data set stays as it is, and the triggers on.
      rollback;
    end loop;
  end loop;
  insert into result select * from jsonb_to_recordset(taken) as t (turn int, kind text, ms double precision, cpu double precision);
end $$;
select kind, round((percentile_cont(0.5) within group (order by ms))::numeric, 1) as median_ms, percentile_cont(0.5) within group (order by cpu) as median_cpu_ms
from result
group by kind;
select round((percentile_cont(0.5) within group (order by w.ms / o.ms))::numeric, 3) as ratio,
    round((percentile_cont(0.5) within group (order by w.cpu / o.cpu))::numeric, 3) as cpu_ratio,
    round(min(w.cpu / o.cpu)::numeric, 3) as least, round(max(w.cpu / o.cpu)::numeric, 3) as most
from result w
join result o using (turn)
where w.kind = 'with' and o.kind = 'without';
