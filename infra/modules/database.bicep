// PostgreSQL with Entra sign-in only, no public address, and its built-in PgBouncer.

@description('Name of the server, globally unique.')
param serverName string

@description('Region.')
param location string

@description('Tags of all resources.')
param tags object

@description('Tier of the server.')
param tier string

@description('Number of vCores.')
param vCores int

@description('Storage of the server in GB.')
param storageGB int

@description('Days for which backups are kept.')
param backupRetentionDays int

@description('Whether backups are also stored in the paired region.')
param geoRedundantBackup bool

@description('Whether a standby runs in another zone.')
param highAvailability bool

@description('Connections that PgBouncer accepts.')
param pgBouncerConnections int

@description('Connections that PgBouncer keeps to the server for each of the two logins.')
param serverConnectionsPerLogin int

@description('Subnet of the server.')
param subnetId string

@description('Private DNS zone of the server.')
param privateDnsZoneId string

@description('Object id of the principal that owns the database and runs migrations.')
param administratorId string

@description('Name of that principal, which is its login.')
param administratorName string

@description('Kind of that principal.')
param administratorType string

@description('Log workspace that receives the server\'s logs.')
param workspaceId string

// The extensions that sql/migrations creates.
var extensions = ['PG_TRGM', 'BTREE_GIN']

var settings = [
  { name: 'azure.extensions', value: join(extensions, ',') }
  { name: 'require_secure_transport', value: 'on' }
  { name: 'ssl_min_protocol_version', value: 'TLSv1.2' }
  { name: 'log_min_duration_statement', value: '2000' }
  { name: 'pgbouncer.enabled', value: 'true' }
  { name: 'pgbouncer.pool_mode', value: 'transaction' }
  { name: 'pgbouncer.max_client_conn', value: string(pgBouncerConnections) }
  { name: 'pgbouncer.default_pool_size', value: string(serverConnectionsPerLogin) }
  { name: 'pgbouncer.max_prepared_statements', value: '0' }
  // Seconds. Less than the 30 after which the app gives up, so that a client whose turn does not come learns it from PgBouncer.
  { name: 'pgbouncer.query_wait_timeout', value: '20' }
  { name: 'metrics.pgbouncer_diagnostics', value: 'on' }
]

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: serverName
  location: location
  tags: tags
  sku: {
    name: 'Standard_${tier == 'GeneralPurpose' ? 'D' : 'E'}${vCores}ds_v5'
    tier: tier
  }
  properties: {
    version: '17'
    createMode: 'Default'
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    storage: { storageSizeGB: storageGB, autoGrow: 'Enabled' }
    backup: {
      backupRetentionDays: backupRetentionDays
      geoRedundantBackup: geoRedundantBackup ? 'Enabled' : 'Disabled'
    }
    highAvailability: { mode: highAvailability ? 'ZoneRedundant' : 'Disabled' }
    network: {
      delegatedSubnetResourceId: subnetId
      privateDnsZoneArmResourceId: privateDnsZoneId
      publicNetworkAccess: 'Disabled'
    }
  }
}

resource administrator 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2024-08-01' = {
  parent: server
  name: administratorId
  properties: {
    principalName: administratorName
    principalType: administratorType
    tenantId: tenant().tenantId
  }
}

// The server accepts one change at a time, so they follow one another. The parameters of PgBouncer exist only after pgbouncer.enabled.
@batchSize(1)
resource configuration 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2024-08-01' = [
  for setting in settings: {
    parent: server
    name: setting.name
    properties: { value: setting.value, source: 'user-override' }
    dependsOn: [administrator]
  }
]

resource database 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01' = {
  parent: server
  name: 'salesbrain'
  properties: { charset: 'UTF8', collation: 'en_US.utf8' }
  dependsOn: [configuration]
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: server
  name: 'logs'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Host name of the server.')
output host string = server.properties.fullyQualifiedDomainName

@description('Name of the database.')
output databaseName string = database.name

@description('Resource id of the server.')
output serverId string = server.id
