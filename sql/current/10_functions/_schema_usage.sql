grant usage on schema app to salesbrain_tenant, salesbrain_platform;
