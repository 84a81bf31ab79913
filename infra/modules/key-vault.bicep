// The secrets that remain: keys of access tokens, data keys, and the password of the mail server.
// Their values are put in by hand or by the pipeline (infra/README.md), never by a template.

@description('Name of the key vault, globally unique.')
@maxLength(24)
param vaultName string

@description('Region.')
param location string

@description('Tags of all resources.')
param tags object

@description('Name of the identity that reads secrets: the app\'s.')
param appIdentityName string

@description('Object id of the principal that writes secrets: the pipeline\'s.')
param writerPrincipalId string

@description('Kind of that principal.')
param writerPrincipalType string

@description('Log workspace that receives the vault\'s audit log.')
param workspaceId string

var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'

resource appIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: appIdentityName
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: vaultName
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
  }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, appIdentity.id, secretsUser)
  properties: {
    principalId: appIdentity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

resource writer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, writerPrincipalId, secretsOfficer)
  properties: {
    principalId: writerPrincipalId
    principalType: writerPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsOfficer)
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}

@description('Name of the key vault.')
output vaultName string = vault.name

@description('URL of the key vault.')
output vaultUri string = vault.properties.vaultUri
