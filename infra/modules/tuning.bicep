// The settings that have a default which suits most deployments. docs/configuration.md explains each.

@export()
@sealed()
@description('Optional settings whose values differ from the defaults in local.settings.sample.json.')
type Tuning = {
  @description('Time limit of a statement in seconds.')
  Database__CommandTimeoutSeconds: string?

  @description('Issuer of access tokens.')
  Jwt__Issuer: string?

  @description('Audience of access tokens.')
  Jwt__Audience: string?

  @description('Lifetime of an access token, such as 00:15:00.')
  Jwt__Lifetime: string?

  @description('Number of trusted proxies in front of the app.')
  Network__TrustedProxies: string?

  @description('Port of the mail server.')
  Mail__SmtpPort: string?

  @description('Encryption of the connection to the mail server: starttls or tls.')
  Mail__SmtpSecurity: ('starttls' | 'tls')?

  @description('Version of the Graph API of Meta.')
  Whatsapp__GraphVersion: string?

  @description('Maximum number of streams of live updates on an instance.')
  Live__StreamsPerInstance: string?

  @description('Slowest rate in bytes per second at which a client may read a response.')
  Responses__MinBytesPerSecond: string?

  @description('Maximum number of exports at a time of one organization, on an instance.')
  Responses__ExportsPerOrganization: string?

  @description('Maximum number of exports at a time on an instance.')
  Responses__ExportsPerInstance: string?

  @description('Maximum number of import jobs at a time of one organization, over all instances.')
  Imports__JobsPerOrganization: string?

  @description('Maximum number of import jobs at a time on an instance.')
  Imports__JobsPerInstance: string?

  @description('Maximum number of rows in an export of leads.')
  Responses__ExportMaxRows: string?

  @description('Maximum number of rows in an export of the webhook log.')
  Webhooks__ExportMaxRows: string?

  @description('Retention of processed and ignored logs in days.')
  Webhooks__ProcessedRetentionDays: string?

  @description('Retention of payloads in days.')
  Webhooks__PayloadRetentionDays: string?

  @description('Retention of dead logs in days.')
  Webhooks__DeadRetentionDays: string?

  @description('Base URL of Apollo\'s API.')
  Sources__ApolloUrl: string?

  @description('Base URL of ZoomInfo\'s APIs.')
  Sources__ZoominfoUrl: string?

  @description('URL that gives out tokens for ZoomInfo\'s GTM API.')
  Sources__ZoominfoTokenUrl: string?

  @description('Base URL of LinkedIn\'s API.')
  Sources__LinkedinUrl: string?

  @description('Month of LinkedIn\'s API (YYYYMM).')
  Sources__LinkedinVersion: string?

  @description('Number of unknown onboarding links that an IP address can try per period.')
  Onboarding__GuessLimit: string?

  @description('Length of that period in minutes.')
  Onboarding__GuessPeriodMinutes: string?
}
