// For development and trials: the smallest sizes, and no standby. azd deploys it. infra/README.md lists the environment variables that it
// reads. A variable without a default is required.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')

// Who runs migrations.
param migrationPrincipalId = readEnvironmentVariable('MIGRATION_PRINCIPAL_ID')
param migrationPrincipalName = readEnvironmentVariable('MIGRATION_PRINCIPAL_NAME')
param migrationPrincipalType = readEnvironmentVariable('MIGRATION_PRINCIPAL_TYPE', 'ServicePrincipal')

// Who deploys the app.
param deploymentPrincipalId = readEnvironmentVariable('DEPLOYMENT_PRINCIPAL_ID', '')

param portalBaseUrl = readEnvironmentVariable('PORTAL_BASE_URL')
param onboardingBaseUrl = readEnvironmentVariable('ONBOARDING_BASE_URL')
param publicBaseUrl = readEnvironmentVariable('PUBLIC_BASE_URL', '')

param mailFrom = readEnvironmentVariable('MAIL_FROM')
param smtpHost = readEnvironmentVariable('SMTP_HOST')
param smtpUser = readEnvironmentVariable('SMTP_USER', '')

param jwtKeyId = readEnvironmentVariable('JWT_KEY_ID', '1')
param secondJwtKeyId = readEnvironmentVariable('SECOND_JWT_KEY_ID', '')
param dataKeyId = readEnvironmentVariable('DATA_KEY_ID', '1')
param secondDataKeyId = readEnvironmentVariable('SECOND_DATA_KEY_ID', '')

param alarmEmail = readEnvironmentVariable('ALARM_EMAIL', '')
param otlpEndpoint = readEnvironmentVariable('OTLP_ENDPOINT', '')
param metricsInApplicationInsights = bool(readEnvironmentVariable('METRICS_IN_APPLICATION_INSIGHTS', 'false'))
