-- The span that received the event, as a W3C traceparent, so that processing continues its trace, on another instance too. Written only
-- where the trace is recorded.
alter table app.webhook_payload add column traceparent text;
