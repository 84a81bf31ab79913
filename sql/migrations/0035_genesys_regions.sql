-- The regions of Genesys Cloud that sign-in knows (Core/Tenants/GenesysRegions). Rows from before may have another text: they are not validated.
alter table app.tenant
    add constraint tenant_genesys_region_check check (genesys_region in (
        'us-east-1', 'us-east-2', 'us-west-2', 'ca-central-1', 'mx-central-1', 'sa-east-1', 'eu-west-1', 'eu-west-2', 'eu-central-1', 'eu-central-2',
        'me-central-1', 'ap-south-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-southeast-1', 'ap-southeast-2')) not valid;
