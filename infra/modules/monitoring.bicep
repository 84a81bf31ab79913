// The logs of all resources, and Application Insights for the availability test and for what an OpenTelemetry collector sends. Without keys.

@description('Name of the environment.')
param environmentName string

@description('Region.')
param location string

@description('Tags of all resources.')
param tags object

@description('Name of Application Insights.')
param applicationInsightsName string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-salesbrain-${environmentName}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: applicationInsightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

@description('Resource id of the log workspace.')
output workspaceId string = workspace.id

@description('Resource id of Application Insights.')
output applicationInsightsId string = insights.id
