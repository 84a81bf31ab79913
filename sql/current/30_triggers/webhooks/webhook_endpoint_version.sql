-- Raises an endpoint's version with every change, whoever makes it. The statement that stores a delivery compares versions and nothing else
-- of the endpoint. Marking an endpoint as silent (silent_since) is no change of it.
create or replace trigger raise_version
    before update of organization_id, source, name, token_hash, token_last4, previous_token_hash, previous_token_expires_at, auth_mode,
        auth_settings, secret_sealed, secret_last4, previous_secret_sealed, previous_secret_expires_at, status, expect_every_seconds,
        type_aliases, field_paths, deleted_at
    on app.webhook_endpoint for each row execute function app.raise_version();
