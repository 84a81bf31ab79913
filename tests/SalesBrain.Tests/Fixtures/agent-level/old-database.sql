-- A filled agent-level installation: each agent had a WhatsApp account of their own. Made up for the tests; docs/agent-portal.md names the columns
-- that an upgrade reads. Run it in an empty database: psql --file=old-database.sql.
create table tenants (
    tenant_id varchar(255) primary key,
    name varchar(255) not null,
    status varchar(50) default 'active',
    genesys_org_id varchar(255),
    created_at timestamp default now()
);

create table agents (
    agent_id uuid primary key,
    tenant_id varchar(255) not null references tenants (tenant_id),
    email varchar(255) unique not null,
    password_hash varchar(255) not null,
    name varchar(255) not null,
    role varchar(50) default 'agent',
    status varchar(50) default 'active',
    created_at timestamp default now(),
    last_login_at timestamp
);

create table agent_whatsapp_accounts (
    account_id uuid primary key default gen_random_uuid(),
    agent_id uuid not null references agents (agent_id),
    waba_id varchar(255) not null,
    phone_number_id varchar(255) unique,
    display_phone_number varchar(50),
    access_token text not null,
    status varchar(50) default 'connected',
    created_at timestamp default now()
);

create table agent_sessions (
    session_id uuid primary key default gen_random_uuid(),
    agent_id uuid not null references agents (agent_id),
    access_token text not null,
    refresh_token text,
    expires_at timestamp not null
);

create table agent_conversation_assignments (
    assignment_id uuid primary key,
    conversation_id varchar(255) not null,
    agent_id uuid not null references agents (agent_id),
    customer_phone varchar(50),
    assigned_at timestamp default now(),
    ended_at timestamp,
    last_activity_at timestamp,
    status varchar(50) default 'active'
);

insert into tenants (tenant_id, name, genesys_org_id) values
    ('acme', 'Acme Ltd', '33333333-3333-4333-8333-333333333333'),
    ('globex', 'Globex', null);

insert into agents (agent_id, tenant_id, email, password_hash, name, role, status) values
    ('a0000000-0000-4000-8000-000000000001', 'acme', 'ann@acme.example', 'old-password-hash', 'Ann Archer', 'agent', 'active'),
    ('a0000000-0000-4000-8000-000000000002', 'acme', 'bob@acme.example', 'old-password-hash', 'Bob Baker', 'supervisor', 'active'),
    ('a0000000-0000-4000-8000-000000000003', 'acme', 'cem@acme.example', 'old-password-hash', 'Cem Cole', 'agent', 'inactive'),
    ('a0000000-0000-4000-8000-000000000004', 'acme', 'dan@acme.example', 'old-password-hash', 'Dan Drew', 'agent', 'inactive'),
    ('a0000000-0000-4000-8000-000000000005', 'globex', 'eve@globex.example', 'old-password-hash', 'Eve Evans', 'agent', 'active');

insert into agent_whatsapp_accounts (agent_id, waba_id, phone_number_id, display_phone_number, access_token) values
    ('a0000000-0000-4000-8000-000000000001', '1001', '2001', '+49 30 1001', 'old-access-token'),
    ('a0000000-0000-4000-8000-000000000002', '1002', '2002', '+49 30 1002', 'old-access-token'),
    ('a0000000-0000-4000-8000-000000000005', '1003', '2003', '+49 30 1003', 'old-access-token');

insert into agent_sessions (agent_id, access_token, refresh_token, expires_at) values
    ('a0000000-0000-4000-8000-000000000001', 'old-access-token', 'old-refresh-token', '2026-01-15'),
    ('a0000000-0000-4000-8000-000000000005', 'old-access-token', null, '2026-01-15');

insert into agent_conversation_assignments (assignment_id, conversation_id, agent_id, customer_phone, assigned_at, ended_at, last_activity_at, status) values
    -- Ann has it.
    ('c0000000-0000-4000-8000-000000000001', 'conv-1', 'a0000000-0000-4000-8000-000000000001', '+49 151 0000001', '2026-01-10 09:00', null, '2026-01-10 09:30', 'active'),
    -- Ann had it, Bob has it; the first row was never ended.
    ('c0000000-0000-4000-8000-000000000002', 'conv-2', 'a0000000-0000-4000-8000-000000000001', '491510000002', '2026-01-10 10:00', null, null, 'active'),
    ('c0000000-0000-4000-8000-000000000003', 'conv-2', 'a0000000-0000-4000-8000-000000000002', '0049 151 0000002', '2026-01-10 11:00', null, null, 'active'),
    -- History.
    ('c0000000-0000-4000-8000-000000000004', 'conv-3', 'a0000000-0000-4000-8000-000000000002', '491510000003', '2026-01-08 08:00', '2026-01-08 12:00', null, 'closed'),
    ('c0000000-0000-4000-8000-000000000005', 'conv-3', 'a0000000-0000-4000-8000-000000000001', '491510000003', '2026-01-09 08:00', null, '2026-01-09 09:00', 'transferred'),
    -- An agent who is not active: the conversation is open for the others.
    ('c0000000-0000-4000-8000-000000000006', 'conv-4', 'a0000000-0000-4000-8000-000000000003', '491510000004', '2026-01-07 08:00', null, null, 'active'),
    -- An agent who is left out.
    ('c0000000-0000-4000-8000-000000000007', 'conv-5', 'a0000000-0000-4000-8000-000000000004', '491510000005', '2026-01-07 08:00', null, null, 'active'),
    -- Nobody knows with whom.
    ('c0000000-0000-4000-8000-000000000008', 'conv-6', 'a0000000-0000-4000-8000-000000000001', null, '2026-01-07 08:00', null, null, 'active'),
    -- The same person writes with another organization.
    ('c0000000-0000-4000-8000-000000000009', 'conv-7', 'a0000000-0000-4000-8000-000000000005', '491510000001', '2026-01-10 09:00', null, null, 'active');
