// Storage of the Functions host: timer locks and the deployed package. No shared keys.

@description('Name of the storage account, globally unique.')
@maxLength(24)
param accountName string

@description('Region.')
param location string

@description('Tags of all resources.')
param tags object

@description('Name of the app\'s identity.')
param appIdentityName string

var roles = {
  blobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  queueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  tableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource appIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: appIdentityName
}

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: accountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: 'Enabled'
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource deployment 'containers' = {
      name: 'deployment'
    }

    // Uploaded CSV files.
    resource files 'containers' = {
      name: 'files'
      properties: { publicAccess: 'None' }
    }
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(roles): {
    scope: account
    name: guid(account.id, appIdentity.id, role.value)
    properties: {
      principalId: appIdentity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
    }
  }
]

// The app reads, writes and deletes uploaded files, whatever the Functions host needs of the account.
resource filesAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account::blobs::files
  name: guid(account::blobs::files.id, appIdentity.id, blobDataContributor)
  properties: {
    principalId: appIdentity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
  }
}

@description('URL of the container of uploaded files.')
output filesContainerUrl string = '${account.properties.primaryEndpoints.blob}${account::blobs::files.name}'

@description('URL of the container of the deployed package.')
output deploymentContainerUrl string = '${account.properties.primaryEndpoints.blob}${account::blobs::deployment.name}'
