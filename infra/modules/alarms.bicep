// Alarms on what an operator must act on. docs/operations.md says what each means and what to do.

@description('Region.')
param location string

@description('Tags of all resources.')
param tags object

@description('E-mail address that alarms are sent to. Empty: alarms are only shown in the portal.')
param email string

@description('Resource id of Application Insights, which runs the availability test.')
param applicationInsightsId string

@description('Resource id of the log workspace.')
param workspaceId string

@description('Whether the app\'s metrics arrive in Application Insights.')
param metricsInApplicationInsights bool

@description('Resource id of the database server.')
param databaseId string

@description('URL of the API.')
param apiUrl string

// Each query returns a column named value, and an alarm is raised when it exceeds the threshold.
// On the log that the Functions host always writes: its lines say that a function was executed, and how it ended.
var logQueries = [
  {
    name: 'timers-failing'
    description: 'A timer has failed more than twice in an hour.'
    query: 'FunctionAppLogs | where Message startswith "Executed \'Functions." and Message has "Failed" | extend timer = extract("Functions[.](${join(timers, '|')})\'", 1, Message) | where isnotempty(timer) | summarize failures = count() by timer | summarize value = max(failures)'
    threshold: 2
    severity: 2
    window: 'PT1H'
  }
  {
    name: 'timers-late'
    description: 'The timer that processes webhooks left over has not succeeded for 15 minutes.'
    query: 'FunctionAppLogs | where Message startswith "Executed \'Functions.ProcessPendingWebhooks\'" and Message has "Succeeded" | summarize runs = count() | project value = iff(runs == 0, 1, 0)'
    threshold: 0
    severity: 1
    window: 'PT15M'
  }
  {
    name: 'app-errors'
    description: 'More than 10 errors in 5 minutes.'
    query: 'FunctionAppLogs | where Level in ("Error", "Critical") | summarize value = count()'
    threshold: 10
    severity: 1
    window: 'PT5M'
  }
]

// On metrics, which have the names that the app gives them.
var metricQueries = [
  {
    name: 'webhooks-pile-up'
    description: 'The oldest webhook that is due has waited for more than 5 minutes.'
    query: 'customMetrics | where name == "salesbrain.webhooks.pending_age" | summarize value = max(valueMax)'
    threshold: 300
    severity: 1
    window: 'PT5M'
  }
  {
    name: 'webhooks-dead'
    description: 'Webhooks have used up their retries.'
    query: 'customMetrics | where name == "salesbrain.webhooks.dead" | summarize value = sum(valueSum)'
    threshold: 0
    severity: 2
    window: 'PT5M'
  }
  {
    name: 'webhooks-failing'
    description: 'More than 100 attempts to process a webhook failed in 15 minutes.'
    query: 'customMetrics | where name == "salesbrain.webhooks.failed" | summarize value = sum(valueSum)'
    threshold: 100
    severity: 3
    window: 'PT15M'
  }
  {
    name: 'sign-in-failures'
    description: 'More than 500 sign-ins failed in 15 minutes: somebody may be guessing passwords.'
    query: 'customMetrics | where name == "salesbrain.sign_in.failures" | summarize value = sum(valueSum)'
    threshold: 500
    severity: 2
    window: 'PT15M'
  }
  {
    name: 'messages-pile-up'
    description: 'The oldest WhatsApp message that may be sent has waited for more than 5 minutes.'
    query: 'customMetrics | where name == "salesbrain.messages.queue_age" | summarize value = max(valueMax)'
    threshold: 300
    severity: 1
    window: 'PT5M'
  }
  {
    name: 'metrics-missing'
    description: 'No metrics have arrived for 15 minutes, so the alarms on metrics see nothing.'
    query: 'customMetrics | where name == "salesbrain.timers.last_success" | summarize reports = count() | project value = iff(reports == 0, 1, 0)'
    threshold: 0
    severity: 2
    window: 'PT15M'
  }
]

var queries = concat(
  map(logQueries, rule => union(rule, { source: workspaceId })),
  map(metricsInApplicationInsights ? metricQueries : [], rule => union(rule, { source: applicationInsightsId }))
)

// The timers, by the names of their schedules in the sample.
var timers = map(
  filter(
    objectKeys(loadJsonContent('../../local.settings.sample.json', 'Values')),
    name => endsWith(name, 'Schedule') && !startsWith(name, '_')
  ),
  name => substring(name, 0, length(name) - length('Schedule'))
)

var metrics = [
  {
    name: 'database-storage'
    description: 'The database has used more than 85 % of its storage.'
    metric: 'storage_percent'
    threshold: 85
    severity: 2
  }
  {
    name: 'database-processor'
    description: 'The database has used more than 85 % of its processor time for an hour.'
    metric: 'cpu_percent'
    threshold: 85
    severity: 2
  }
  {
    name: 'database-memory'
    description: 'The database has used more than 90 % of its memory for an hour.'
    metric: 'memory_percent'
    threshold: 90
    severity: 3
  }
  {
    name: 'database-queue'
    description: 'On average, more than 10 clients of PgBouncer waited for a connection to the database for an hour.'
    metric: 'client_connections_waiting'
    threshold: 10
    severity: 2
  }
]

var actionIds = empty(email) ? [] : [actions.id]

resource actions 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'ag-salesbrain'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'salesbrain'
    enabled: true
    emailReceivers: [{ name: 'operator', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-03-15-preview' = [
  for rule in queries: {
    name: rule.name
    location: location
    tags: tags
    properties: {
      displayName: rule.name
      description: rule.description
      severity: rule.severity
      enabled: true
      scopes: [rule.source]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      criteria: {
        allOf: [
          {
            query: rule.query
            metricMeasureColumn: 'value'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: rule.threshold
          }
        ]
      }
      actions: { actionGroups: actionIds }
    }
  }
]

resource databaseRules 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for rule in metrics: {
    name: rule.name
    location: 'global'
    tags: tags
    properties: {
      description: rule.description
      severity: rule.severity
      enabled: true
      scopes: [databaseId]
      evaluationFrequency: 'PT15M'
      windowSize: 'PT1H'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: rule.metric
            criterionType: 'StaticThresholdCriterion'
            metricName: rule.metric
            operator: 'GreaterThan'
            threshold: rule.threshold
            timeAggregation: 'Average'
          }
        ]
      }
      actions: [for id in actionIds: { actionGroupId: id }]
    }
  }
]

// Calls the app from outside, so it also notices what the app cannot report.
resource ready 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'ready'
  location: location
  tags: union(tags, { 'hidden-link:${applicationInsightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'ready'
    Name: 'ready'
    Description: 'The app reaches its database, and the database is migrated.'
    Enabled: true
    Frequency: 300
    Timeout: 30
    Kind: 'standard'
    RetryEnabled: true
    Locations: [
      { Id: 'emea-nl-ams-azr' }
      { Id: 'emea-gb-db3-azr' }
      { Id: 'us-va-ash-azr' }
    ]
    Request: { RequestUrl: '${apiUrl}/api/health/ready', HttpVerb: 'GET', ParseDependentRequests: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 14 }
  }
}

resource notReady 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'not-ready'
  location: 'global'
  tags: tags
  properties: {
    description: 'The readiness check failed from 2 of 3 places.'
    severity: 0
    enabled: true
    scopes: [ready.id, applicationInsightsId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: ready.id
      componentId: applicationInsightsId
      failedLocationCount: 2
    }
    actions: [for id in actionIds: { actionGroupId: id }]
  }
}
