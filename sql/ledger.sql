-- What was applied to this database, and in which text. Run after roles.sql, before the migrations; harmless when it is there.
create schema if not exists app;

create table if not exists app.schema_migration (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
);

create table if not exists app.schema_definition (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
);
