// Everything that SalesBrain needs in Azure, in one resource group. infra/README.md says how to deploy it.
targetScope = 'subscription'

import { Tuning } from 'modules/tuning.bicep'

@description('Name of the environment, such as prod. Part of every resource name.')
@minLength(2)
@maxLength(12)
param environmentName string

@description('Region of all resources. It must offer Flex Consumption and PostgreSQL flexible servers.')
param location string

@description('Name of the resource group.')
param resourceGroupName string = 'rg-salesbrain-${environmentName}'

@description('Memory of a function app instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Maximum number of function app instances. infra/README.md says what it may be.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Number of instances that are always ready for HTTP. 0 saves cost and adds cold starts.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 1

@description('Number of requests at a time for which one instance suffices. More add instances.')
@minValue(1)
@maxValue(200)
param requestsPerInstance int = 32

@description('Maximum pool size of each of the two database logins, per instance.')
@minValue(2)
@maxValue(50)
param connectionsPerLogin int = 8

@description('Tier of the database server. Burstable has no PgBouncer.')
@allowed(['GeneralPurpose', 'MemoryOptimized'])
param databaseTier string = 'GeneralPurpose'

@description('Number of vCores of the database server.')
@allowed([2, 4, 8, 16, 32])
param databaseVCores int = 2

@description('Connections that PgBouncer keeps to the database server for each of the two logins: the number of transactions at a time.')
@minValue(10)
@maxValue(1000)
param serverConnectionsPerLogin int = 50

@description('Storage of the database server in GB. It grows by itself.')
param databaseStorageGB int = 128

@description('Days for which backups of the database are kept.')
@minValue(7)
@maxValue(35)
param backupRetentionDays int = 14

@description('Whether backups are also stored in the paired region. Cannot be changed later.')
param geoRedundantBackup bool = false

@description('Whether a standby of the database server runs in another zone.')
param databaseHighAvailability bool = false

@description('Object id of the principal that owns the database and runs migrations: the deployment pipeline\'s service principal.')
param migrationPrincipalId string

@description('Name of that principal. It is the name of its database login.')
param migrationPrincipalName string

@description('Kind of that principal.')
@allowed(['ServicePrincipal', 'Group', 'User'])
param migrationPrincipalType string = 'ServicePrincipal'

@description('Object id of the service principal that deploys the app: the pipeline\'s. It may deploy, and nothing else. Empty: none.')
param deploymentPrincipalId string = ''

@description('Origins that browsers may call the API from. CORS in Azure and nothing else uses them.')
param allowedOrigins string[] = []

@description('URL of the web portal, the base of links in e-mails.')
param portalBaseUrl string

@description('URL of the onboarding pages, the base of onboarding links.')
param onboardingBaseUrl string

@description('Public URL of the API, the base of receiving URLs. Empty: the function app\'s own host name.')
param publicBaseUrl string = ''

@description('Sender of e-mails.')
param mailFrom string

@description('Host name of the mail server.')
param smtpHost string

@description('User name at the mail server. Its password is the Key Vault secret smtp-password. Empty: the mail server requires no sign-in.')
param smtpUser string = ''

@description('Name of the key that signs access tokens. Its value is the Key Vault secret jwt-key-<name>.')
param jwtKeyId string = '1'

@description('Name of a second signing key, which only verifies: the next one before it signs, or the last one until its tokens have expired. Empty: none.')
param secondJwtKeyId string = ''

@description('Name of the key that encrypts secrets in the database. Its value is the Key Vault secret data-key-<name>.')
param dataKeyId string = '1'

@description('Name of a second data key, which only decrypts: the next one before it encrypts, or the last one until everything is encrypted anew. Empty: none.')
param secondDataKeyId string = ''

@description('Base URL of the OpenTelemetry collector that receives the app\'s traces, metrics and logs, such as https://collector.example.com. Empty: none.')
param otlpEndpoint string = ''

@description('Protocol of the collector.')
@allowed(['http/protobuf', 'grpc'])
param otlpProtocol string = 'http/protobuf'

@description('Whether the collector requires headers, such as an API key. They are the Key Vault secret otlp-headers.')
param otlpHeaders bool = false

@description('Whether agents sign in with Genesys: the secret genesys-clients in the vault has its OAuth clients.')
param genesysClients bool = false

@description('Origins of agent portals beside that of the web portal.')
param agentPortalOrigins string[] = []

@description('Id of the Meta app over which organizations use WhatsApp: the secrets whatsapp-app-secret and whatsapp-verify-token in the vault belong to it. Empty: none.')
param whatsappAppId string = ''

@description('Whether other services look up tenants with a key: the secret tenant-service-key in the vault.')
param tenantServiceKey bool = false

@description('Whether the collector exports the app\'s metrics to this Application Insights. Then alarms watch them.')
param metricsInApplicationInsights bool = false

@description('E-mail address that alarms are sent to. Empty: alarms are only shown in the portal.')
param alarmEmail string = ''

@description('Optional settings that differ from their defaults in local.settings.sample.json.')
param tuning Tuning = {}

var tags = { 'azd-env-name': environmentName, product: 'salesbrain' }
var suffix = uniqueString(subscription().id, resourceGroupName, location)

var names = {
  app: 'func-sb-${environmentName}-${take(suffix, 6)}'
  plan: 'plan-salesbrain-${environmentName}'
  appIdentity: 'id-salesbrain-${environmentName}'
  tenantLoginIdentity: 'id-salesbrain-tenant-${environmentName}'
  platformLoginIdentity: 'id-salesbrain-platform-${environmentName}'
  insights: 'appi-salesbrain-${environmentName}'
  storage: 'stsb${take(suffix, 13)}'
  vault: 'kv-sb-${take(suffix, 13)}'
  database: 'psql-salesbrain-${environmentName}-${take(suffix, 6)}'
}

// Each timer runs on an instance of its own, beside those for HTTP. Some timers are still to come.
var timerInstances = 20

// What PgBouncer accepts, and what the server accepts: max_connections follows from the memory, which is 4 or 8 GB per vCore.
var pgBouncerConnections = 5000
var serverMemoryGB = databaseVCores * (databaseTier == 'GeneralPurpose' ? 4 : 8)
var maxConnections = serverMemoryGB >= 64 ? 5000 : serverMemoryGB >= 32 ? 3437 : serverMemoryGB >= 16 ? 1718 : 859

// For migrations, administrators, Azure and a deployment's overlap.
var reservedConnections = 100

var neededFromPgBouncer = (maximumInstanceCount + timerInstances) * 2 * connectionsPerLogin
var neededFromServer = 2 * serverConnectionsPerLogin + reservedConnections

// A deployment whose instances could run out of connections stops before it changes anything.
var instances = neededFromPgBouncer > pgBouncerConnections
  ? fail('maximumInstanceCount and connectionsPerLogin need ${neededFromPgBouncer} connections: PgBouncer accepts ${pgBouncerConnections}.')
  : neededFromServer > maxConnections
      ? fail('serverConnectionsPerLogin needs ${neededFromServer} connections: a server of this size accepts ${maxConnections}.')
      : maximumInstanceCount

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: resourceGroupName
  location: location
  tags: tags
}

module identities 'modules/identities.bicep' = {
  scope: group
  params: {
    appName: names.appIdentity
    tenantLoginName: names.tenantLoginIdentity
    platformLoginName: names.platformLoginIdentity
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    tags: tags
    applicationInsightsName: names.insights
  }
}

module network 'modules/network.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    accountName: names.storage
    location: location
    tags: tags
    appIdentityName: names.appIdentity
  }
  dependsOn: [identities]
}

module keyVault 'modules/key-vault.bicep' = {
  scope: group
  params: {
    vaultName: names.vault
    location: location
    tags: tags
    appIdentityName: names.appIdentity
    writerPrincipalId: migrationPrincipalId
    writerPrincipalType: migrationPrincipalType
    workspaceId: monitoring.outputs.workspaceId
  }
  dependsOn: [identities]
}

module database 'modules/database.bicep' = {
  scope: group
  params: {
    serverName: names.database
    location: location
    tags: tags
    tier: databaseTier
    vCores: databaseVCores
    storageGB: databaseStorageGB
    backupRetentionDays: backupRetentionDays
    geoRedundantBackup: geoRedundantBackup
    highAvailability: databaseHighAvailability
    pgBouncerConnections: pgBouncerConnections
    serverConnectionsPerLogin: serverConnectionsPerLogin
    subnetId: network.outputs.databaseSubnetId
    privateDnsZoneId: network.outputs.databaseDnsZoneId
    administratorId: migrationPrincipalId
    administratorName: migrationPrincipalName
    administratorType: migrationPrincipalType
    workspaceId: monitoring.outputs.workspaceId
  }
}

module functionApp 'modules/function-app.bicep' = {
  scope: group
  params: {
    appName: names.app
    planName: names.plan
    location: location
    tags: tags
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: instances
    alwaysReadyInstances: alwaysReadyInstances
    requestsPerInstance: requestsPerInstance
    connectionsPerLogin: connectionsPerLogin
    appIdentityName: names.appIdentity
    tenantLoginIdentityName: names.tenantLoginIdentity
    platformLoginIdentityName: names.platformLoginIdentity
    storageAccountName: names.storage
    deploymentContainerUrl: storage.outputs.deploymentContainerUrl
    filesContainerUrl: storage.outputs.filesContainerUrl
    subnetId: network.outputs.functionsSubnetId
    databaseHost: database.outputs.host
    databaseName: database.outputs.databaseName
    vaultUri: keyVault.outputs.vaultUri
    workspaceId: monitoring.outputs.workspaceId
    allowedOrigins: allowedOrigins
    portalBaseUrl: portalBaseUrl
    onboardingBaseUrl: onboardingBaseUrl
    publicBaseUrl: publicBaseUrl
    mailFrom: mailFrom
    smtpHost: smtpHost
    smtpUser: smtpUser
    jwtKeyIds: empty(secondJwtKeyId) ? [jwtKeyId] : [jwtKeyId, secondJwtKeyId]
    dataKeyIds: empty(secondDataKeyId) ? [dataKeyId] : [dataKeyId, secondDataKeyId]
    otlpEndpoint: otlpEndpoint
    otlpProtocol: otlpProtocol
    otlpHeaders: otlpHeaders
    genesysClients: genesysClients
    agentPortalOrigins: agentPortalOrigins
    whatsappAppId: whatsappAppId
    tenantServiceKey: tenantServiceKey
    tuning: tuning
    deploymentPrincipalId: deploymentPrincipalId
  }
  dependsOn: [identities]
}

module alarms 'modules/alarms.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    email: alarmEmail
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    workspaceId: monitoring.outputs.workspaceId
    metricsInApplicationInsights: metricsInApplicationInsights
    databaseId: database.outputs.serverId
    apiUrl: functionApp.outputs.url
  }
}

@description('The resource group.')
output resourceGroupName string = group.name

@description('The function app. azd deploys to it.')
output functionAppName string = functionApp.outputs.name

@description('URL of the API.')
output apiUrl string = functionApp.outputs.url

@description('Host name of the database server, for migrations. The app uses its PgBouncer on port 6432, migrations port 5432.')
output databaseHost string = database.outputs.host

@description('Name of the database.')
output databaseName string = database.outputs.databaseName

@description('Name of the key vault that keys and passwords are put into.')
output keyVaultName string = keyVault.outputs.vaultName

@description('Name of the migrating principal\'s database login.')
output migrationLogin string = migrationPrincipalName

@description('Object id of the identity that signs in as salesbrain_tenant.')
output tenantLoginPrincipalId string = identities.outputs.tenantLoginPrincipalId

@description('Object id of the identity that signs in as salesbrain_platform.')
output platformLoginPrincipalId string = identities.outputs.platformLoginPrincipalId

@description('Subnet for the machine that runs migrations.')
output migrationsSubnetId string = network.outputs.migrationsSubnetId
