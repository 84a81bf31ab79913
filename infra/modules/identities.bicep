// The app's identities: one for storage, secrets and telemetry, and one for each of its two database logins.

@description('Name of the app\'s identity.')
param appName string

@description('Name of the identity of the login salesbrain_tenant.')
param tenantLoginName string

@description('Name of the identity of the login salesbrain_platform.')
param platformLoginName string

@description('Region.')
param location string

@description('Tags of all resources.')
param tags object

resource appIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: appName
  location: location
  tags: tags
}

resource tenantLogin 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: tenantLoginName
  location: location
  tags: tags
}

resource platformLogin 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: platformLoginName
  location: location
  tags: tags
}

@description('Object id of the identity of the login salesbrain_tenant.')
output tenantLoginPrincipalId string = tenantLogin.properties.principalId

@description('Object id of the identity of the login salesbrain_platform.')
output platformLoginPrincipalId string = platformLogin.properties.principalId
