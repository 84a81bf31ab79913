-- The agents of a contact centre and their supervisors.
alter table app.user
    drop constraint user_role_check,
    -- Reads the whole table under the lock, which takes milliseconds: organizations have few users.
    add constraint user_role_check check (role in (
        'sb_admin', 'sb_operator', 'owner', 'admin', 'member', 'agency_admin', 'agency_staff',
        'client_admin', 'client_staff', 'client_user', 'read_only', 'agent', 'agent_supervisor'));
