// The function app on Flex Consumption, and its settings. docs/configuration.md explains each setting.

import { Tuning } from 'tuning.bicep'

@description('Name of the function app, globally unique. The timers\' locks use its first 32 characters.')
@maxLength(32)
param appName string

@description('Name of the plan.')
param planName string

@description('Region.')
param location string

@description('Tags of all resources.')
param tags object

@description('Memory of an instance in MB.')
param instanceMemoryMB int

@description('Maximum number of instances.')
param maximumInstanceCount int

@description('Number of instances that are always ready for HTTP.')
param alwaysReadyInstances int

@description('Number of requests at a time for which one instance suffices. More add instances.')
param requestsPerInstance int

@description('Maximum pool size of each of the two database logins, per instance.')
param connectionsPerLogin int

@description('Name of the identity for storage and secrets.')
param appIdentityName string

@description('Name of the identity of the login salesbrain_tenant.')
param tenantLoginIdentityName string

@description('Name of the identity of the login salesbrain_platform.')
param platformLoginIdentityName string

@description('Storage account of the Functions host.')
param storageAccountName string

@description('URL of the container of the deployed package.')
param deploymentContainerUrl string

@description('URL of the container of uploaded files.')
param filesContainerUrl string

@description('Subnet of the app.')
param subnetId string

@description('Host name of the database server.')
param databaseHost string

@description('Name of the database.')
param databaseName string

@description('URL of the key vault.')
param vaultUri string

@description('Log workspace that receives the logs of host and app.')
param workspaceId string

@description('Origins that browsers may call the API from.')
param allowedOrigins string[]

@description('URL of the web portal.')
param portalBaseUrl string

@description('URL of the onboarding pages.')
param onboardingBaseUrl string

@description('Public URL of the API. Empty: the app\'s own host name.')
param publicBaseUrl string

@description('Sender of e-mails.')
param mailFrom string

@description('Host name of the mail server.')
param smtpHost string

@description('User name at the mail server. Empty: the mail server requires no sign-in.')
param smtpUser string

@description('Names of the keys of access tokens. The first one signs.')
param jwtKeyIds string[]

@description('Names of the data keys. The first one encrypts.')
param dataKeyIds string[]

@description('Base URL of the OpenTelemetry collector. Empty: none.')
param otlpEndpoint string

@description('Protocol of the collector.')
param otlpProtocol string

@description('Whether the collector requires headers, which are a secret in the vault.')
param otlpHeaders bool

@description('Whether agents sign in with Genesys. Its OAuth clients are a secret in the vault.')
param genesysClients bool

@description('Origins of agent portals beside that of the web portal.')
param agentPortalOrigins string[]

@description('Id of the Meta app over which organizations use WhatsApp. Its secret and verify token are secrets in the vault. Empty: none.')
param whatsappAppId string

@description('Whether other services look up tenants with a key, which is a secret in the vault.')
param tenantServiceKey bool

@description('Optional settings that differ from their defaults.')
param tuning Tuning

@description('Object id of the principal that deploys the app. Empty: none.')
param deploymentPrincipalId string

var websiteContributor = 'de139f84-1756-47ae-9be6-808fbbe84772'

// Port 6432 is the server's PgBouncer. It runs in transaction mode, so nothing is prepared.
var connection = 'Host=${databaseHost};Port=6432;Database=${databaseName};Ssl Mode=VerifyFull;Maximum Pool Size=${connectionsPerLogin};Max Auto Prepare=0'

// The sample lists each setting and the default of each optional one.
var sample = loadJsonContent('../../local.settings.sample.json', 'Values')

var tunable = [
  'Database__CommandTimeoutSeconds'
  'Jwt__Issuer'
  'Jwt__Audience'
  'Jwt__Lifetime'
  'Network__TrustedProxies'
  'Mail__SmtpPort'
  'Mail__SmtpSecurity'
  'Whatsapp__GraphVersion'
  'Live__StreamsPerInstance'
  'Responses__MinBytesPerSecond'
  'Responses__ExportsPerOrganization'
  'Responses__ExportsPerInstance'
  'Responses__ExportMaxRows'
  'Imports__JobsPerOrganization'
  'Imports__JobsPerInstance'
  'Webhooks__ExportMaxRows'
  'Webhooks__ProcessedRetentionDays'
  'Webhooks__PayloadRetentionDays'
  'Webhooks__DeadRetentionDays'
  'Sources__ApolloUrl'
  'Sources__ZoominfoUrl'
  'Sources__ZoominfoTokenUrl'
  'Sources__LinkedinUrl'
  'Sources__LinkedinVersion'
  'Onboarding__GuessLimit'
  'Onboarding__GuessPeriodMinutes'
]

var tunedSettings = union(toObject(tunable, name => name, name => sample[name]), tuning)

// The Functions host has no defaults for schedules, and disables a timer without one. They are in UTC.
var schedules = toObject(
  filter(items(sample), setting => endsWith(setting.key, 'Schedule') && !startsWith(setting.key, '_')),
  setting => setting.key,
  setting => setting.value
)

var jwtKeySettings = [
  for (id, i) in jwtKeyIds: {
    'Jwt__Keys__${i}__Id': id
    'Jwt__Keys__${i}__Secret': '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/jwt-key-${id})'
  }
]

var dataKeySettings = [
  for (id, i) in dataKeyIds: {
    'DataKeys__Keys__${i}__Id': id
    'DataKeys__Keys__${i}__Secret': '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/data-key-${id})'
  }
]

// Not OTEL_EXPORTER_OTLP_ENDPOINT and not APPLICATIONINSIGHTS_CONNECTION_STRING: the Functions host reads these too, and would export the
// path of each request, which contains the tokens of receiving URLs and onboarding links.
var signalUrls = otlpProtocol == 'grpc'
  ? { traces: otlpEndpoint, metrics: otlpEndpoint, logs: otlpEndpoint }
  : { traces: '${otlpEndpoint}/v1/traces', metrics: '${otlpEndpoint}/v1/metrics', logs: '${otlpEndpoint}/v1/logs' }

var telemetry = empty(otlpEndpoint)
  ? {}
  : {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: signalUrls.traces
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: signalUrls.metrics
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: signalUrls.logs
      OTEL_EXPORTER_OTLP_PROTOCOL: otlpProtocol
      OTEL_EXPORTER_OTLP_HEADERS: otlpHeaders ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/otlp-headers)' : ''
    }

resource appIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: appIdentityName
}

resource tenantLogin 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: tenantLoginIdentityName
}

resource platformLogin 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: platformLoginIdentityName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: appName
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${appIdentity.id}': {}
      '${tenantLogin.id}': {}
      '${platformLogin.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: appIdentity.id
    virtualNetworkSubnetId: subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: appIdentity.id }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyInstances }]
        triggers: { http: { perInstanceConcurrency: requestsPerInstance } }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      cors: { allowedOrigins: allowedOrigins, supportCredentials: false }
    }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

resource deployer 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deploymentPrincipalId)) {
  scope: app
  name: guid(app.id, deploymentPrincipalId, websiteContributor)
  properties: {
    principalId: deploymentPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', websiteContributor)
  }
}

// A resource of its own: the identities and their roles must exist before references are resolved.
resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: union(
    {
      AzureWebJobsStorage__accountName: storageAccountName
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: appIdentity.properties.clientId
      ConnectionStrings__SalesBrainTenant: '${connection};Username=salesbrain_tenant'
      ConnectionStrings__SalesBrainPlatform: '${connection};Username=salesbrain_platform'
      Database__TenantClientId: tenantLogin.properties.clientId
      Database__PlatformClientId: platformLogin.properties.clientId
      Portal__BaseUrl: portalBaseUrl
      Onboarding__BaseUrl: onboardingBaseUrl
      Webhooks__PublicBaseUrl: empty(publicBaseUrl) ? 'https://${app.properties.defaultHostName}' : publicBaseUrl
      Files__Storage: 'blob'
      Files__ContainerUrl: filesContainerUrl
      Files__ClientId: appIdentity.properties.clientId
      Mail__Transport: 'smtp'
      Mail__From: mailFrom
      Mail__SmtpHost: smtpHost
      Mail__SmtpUser: smtpUser
      Genesys__Clients: genesysClients ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/genesys-clients)' : ''
      Genesys__PortalOrigins: join(agentPortalOrigins, ',')
      Whatsapp__AppId: whatsappAppId
      Whatsapp__AppSecret: empty(whatsappAppId) ? '' : '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/whatsapp-app-secret)'
      Whatsapp__VerifyToken: empty(whatsappAppId) ? '' : '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/whatsapp-verify-token)'
      Tenants__ServiceKey: tenantServiceKey ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/tenant-service-key)' : ''
      Mail__SmtpPassword: empty(smtpUser) ? '' : '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/smtp-password)'
    },
    telemetry,
    tunedSettings,
    schedules,
    reduce(concat(jwtKeySettings, dataKeySettings), {}, (all, key) => union(all, key))
  )
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'logs'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Name of the function app.')
output name string = app.name

@description('URL of the API.')
output url string = 'https://${app.properties.defaultHostName}'
