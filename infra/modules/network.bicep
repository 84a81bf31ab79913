// A virtual network with a subnet for the function app, one for the database, which has no public address, and one for whatever runs
// migrations: a runner of the pipeline or an operator's machine.

@description('Name of the environment.')
param environmentName string

@description('Region.')
param location string

@description('Tags of all resources.')
param tags object

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-salesbrain-${environmentName}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] }
    subnets: [
      {
        // An address for each instance, and a name without underscores: Flex Consumption requires both.
        name: 'functions'
        properties: {
          addressPrefix: '10.20.0.0/22'
          delegations: [{ name: 'functions', properties: { serviceName: 'Microsoft.App/environments' } }]
          serviceEndpoints: [{ service: 'Microsoft.Storage' }, { service: 'Microsoft.KeyVault' }]
        }
      }
      {
        name: 'database'
        properties: {
          addressPrefix: '10.20.4.0/27'
          delegations: [{ name: 'database', properties: { serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers' } }]
        }
      }
      {
        name: 'migrations'
        properties: {
          addressPrefix: '10.20.4.64/27'
          defaultOutboundAccess: true
        }
      }
    ]
  }

  resource functions 'subnets' existing = { name: 'functions' }

  resource database 'subnets' existing = { name: 'database' }

  resource migrations 'subnets' existing = { name: 'migrations' }
}

resource databaseZone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'salesbrain-${environmentName}.private.postgres.database.azure.com'
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: 'salesbrain'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
}

@description('Subnet of the function app.')
output functionsSubnetId string = network::functions.id

@description('Subnet of the database server.')
output databaseSubnetId string = network::database.id

@description('Private DNS zone of the database server.')
output databaseDnsZoneId string = databaseZone.id

@description('Subnet of the machine that runs migrations.')
output migrationsSubnetId string = network::migrations.id
