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

@description('Name of the identity for storage, secrets and telemetry.')
param appIdentityName string

@description('Name of the identity of the login salesbrain_tenant.')
param tenantLoginIdentityName string

@description('Name of the identity of the login salesbrain_platform.')
param platformLoginIdentityName string

@description('Storage account of the Functions host.')
param storageAccountName string

@description('URL of the container of the deployed package.')
param deploymentContainerUrl string

@description('Subnet of the app.')
param subnetId string

@description('Host name of the database server.')
param databaseHost string

@description('Name of the database.')
param databaseName string

@description('URL of the key vault.')
param vaultUri string

@description('Name of Application Insights.')
param applicationInsightsName string

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

@description('OTLP endpoint of the app\'s traces and metrics. Empty: none.')
param otlpEndpoint string

@description('Optional settings that differ from their defaults.')
param tuning Tuning

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
  'Responses__MinBytesPerSecond'
  'Responses__ExportsPerOrganization'
  'Responses__ExportsPerInstance'
  'Webhooks__ExportMaxRows'
  'Webhooks__ProcessedRetentionDays'
  'Webhooks__PayloadRetentionDays'
  'Webhooks__DeadRetentionDays'
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

resource appIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: appIdentityName
}

resource tenantLogin 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: tenantLoginIdentityName
}

resource platformLogin 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: platformLoginIdentityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
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

// A resource of its own: the identities and their roles must exist before references are resolved.
resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: union(
    {
      AzureWebJobsStorage__accountName: storageAccountName
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: appIdentity.properties.clientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${appIdentity.properties.clientId};Authorization=AAD'
      ConnectionStrings__SalesBrainTenant: '${connection};Username=salesbrain_tenant'
      ConnectionStrings__SalesBrainPlatform: '${connection};Username=salesbrain_platform'
      Database__TenantClientId: tenantLogin.properties.clientId
      Database__PlatformClientId: platformLogin.properties.clientId
      Portal__BaseUrl: portalBaseUrl
      Onboarding__BaseUrl: onboardingBaseUrl
      Webhooks__PublicBaseUrl: empty(publicBaseUrl) ? 'https://${app.properties.defaultHostName}' : publicBaseUrl
      Mail__Transport: 'smtp'
      Mail__From: mailFrom
      Mail__SmtpHost: smtpHost
      Mail__SmtpUser: smtpUser
      Mail__SmtpPassword: empty(smtpUser) ? '' : '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/smtp-password)'
    },
    empty(otlpEndpoint) ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint },
    tunedSettings,
    schedules,
    reduce(concat(jwtKeySettings, dataKeySettings), {}, (all, key) => union(all, key))
  )
}

@description('Name of the function app.')
output name string = app.name

@description('URL of the API.')
output url string = 'https://${app.properties.defaultHostName}'
