using System.Text.Json;
using System.Text.RegularExpressions;
using SalesBrain.Data.Migrations;

namespace SalesBrain.Tests.Infrastructure;

/// <summary>What <c>infra/</c> deploys, read from the compiled templates.</summary>
public sealed partial class TemplateTests : IAsyncLifetime
{
    private DeployedTemplates _templates = null!;

    public async ValueTask InitializeAsync() => _templates = await DeployedTemplates.LoadOnceAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Templates_and_parameters_files_compile_without_a_warning()
    {
        Assert.Equal("", _templates.Development.Errors);
        Assert.Equal("", _templates.Production.Errors);
    }

    [Theory]
    [InlineData("maximumInstanceCount = 100", "maximumInstanceCount = 400", "need 8400 connections: PgBouncer accepts 5000")]
    [InlineData("serverConnectionsPerLogin = 150", "serverConnectionsPerLogin = 900", "needs 1900 connections: a server of this size accepts 1718")]
    public async Task More_connections_than_the_database_has_stop_the_deployment(string written, string changed, string expected)
    {
        using var compiler = new BicepCompiler();

        var (run, snapshot) = await compiler.EvaluateAsync(
            "production.bicepparam", text => text.Replace(written, changed, StringComparison.Ordinal));

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
        Assert.Null(snapshot);
    }

    [Fact]
    public void Every_parameter_and_output_is_described()
    {
        Assert.True(_templates.All().Count() > 8);
        foreach (var (module, template) in _templates.All())
        {
            foreach (var kind in new[] { "parameters", "outputs" })
            {
                Assert.All(Members(template, kind), member =>
                    Assert.True(
                        member.Value.TryGetProperty("metadata", out var metadata)
                            && metadata.GetProperty("description").GetString()!.Length > 5,
                        $"{module}: {member.Name}"));
            }
        }
    }

    [Fact]
    public void No_secret_passes_through_a_template()
    {
        foreach (var (module, template) in _templates.All())
        {
            Assert.All(Members(template, "parameters").Concat(Members(template, "outputs")), member =>
            {
                Assert.DoesNotContain(
                    "secure", member.Value.TryGetProperty("type", out var type) ? type.GetString() : "",
                    StringComparison.OrdinalIgnoreCase);
                Assert.False(ReadsSecret().IsMatch(member.Value.ToString()), $"{module}: {member.Name}");
            });
            Assert.False(ListsKeys().IsMatch(template.ToString()), module);
        }
    }

    [Fact]
    public void Secrets_among_the_app_settings_are_references_to_the_vault()
    {
        var secrets = _templates.AppSettings().Where(setting => setting.Key.EndsWith("Secret", StringComparison.Ordinal)
            || setting.Key.EndsWith("Password", StringComparison.Ordinal)).ToList();

        Assert.Equal(
            ["DataKeys__Keys__0__Secret", "Jwt__Keys__0__Secret", "Mail__SmtpPassword", "Whatsapp__AppSecret"],
            secrets.Select(setting => setting.Key).Order(StringComparer.Ordinal));
        // Without WhatsApp, unless an app at Meta is named.
        Assert.Equal("", Assert.Single(secrets, secret => secret.Key.StartsWith("Whatsapp", StringComparison.Ordinal)).Value);
        Assert.All(
            secrets.Where(secret => secret.Value.Length > 0),
            secret => Assert.StartsWith("[format('@Microsoft.KeyVault(SecretUri={0}secrets/", secret.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Database_logins_sign_in_with_identities_through_the_pooler_over_verified_TLS()
    {
        var settings = _templates.AppSettings();

        Assert.All(new[] { "ConnectionStrings__SalesBrainTenant", "ConnectionStrings__SalesBrainPlatform" }, name =>
        {
            Assert.Contains("Port=6432;", settings[name], StringComparison.Ordinal);
            Assert.Contains("Ssl Mode=VerifyFull;", settings[name], StringComparison.Ordinal);
            Assert.DoesNotContain("Password", settings[name], StringComparison.OrdinalIgnoreCase);
        });
        Assert.Contains("Username=salesbrain_tenant", settings["ConnectionStrings__SalesBrainTenant"], StringComparison.Ordinal);
        Assert.Contains("id-salesbrain-tenant-test", settings["Database__TenantClientId"], StringComparison.Ordinal);
        Assert.Contains("Username=salesbrain_platform", settings["ConnectionStrings__SalesBrainPlatform"], StringComparison.Ordinal);
        Assert.Contains("id-salesbrain-platform-test", settings["Database__PlatformClientId"], StringComparison.Ordinal);
    }

    [Fact]
    public void Storage_has_no_shared_keys_and_no_public_blobs()
    {
        var account = _templates.PropertiesOf("Microsoft.Storage/storageAccounts");

        AssertIs(account, """
            {"allowSharedKeyAccess": false, "allowBlobPublicAccess": false, "minimumTlsVersion": "TLS1_2", "supportsHttpsTrafficOnly": true, "defaultToOAuthAuthentication": true}
            """);
        Assert.DoesNotContain(
            _templates.AppSettings(), setting => setting.Value.Contains("AccountKey", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Database_is_private_and_takes_no_passwords()
    {
        var server = _templates.PropertiesOf("Microsoft.DBforPostgreSQL/flexibleServers");

        AssertIs(server, """
            {
                "version": "17",
                "authConfig": {"activeDirectoryAuth": "Enabled", "passwordAuth": "Disabled"},
                "network": {"publicNetworkAccess": "Disabled"},
                "backup": {"backupRetentionDays": 35, "geoRedundantBackup": "Enabled"},
                "highAvailability": {"mode": "ZoneRedundant"}
            }
            """);
        Assert.False(server.TryGetProperty("administratorLoginPassword", out _));
        Assert.NotEmpty(server.GetProperty("network").GetProperty("delegatedSubnetResourceId").GetString()!);
        Assert.Equal(
            "GeneralPurpose",
            _templates.OfType("Microsoft.DBforPostgreSQL/flexibleServers")[0].GetProperty("sku").GetProperty("tier").GetString());
        Assert.Empty(_templates.OfType("Microsoft.DBforPostgreSQL/flexibleServers/firewallRules"));
    }

    [Fact]
    public void Database_requires_TLS_and_pools_transactions()
    {
        var parameters = ServerParameters();

        Assert.Equal("on", parameters["require_secure_transport"]);
        Assert.Equal("TLSv1.2", parameters["ssl_min_protocol_version"]);
        Assert.Equal("true", parameters["pgbouncer.enabled"]);
        Assert.Equal("transaction", parameters["pgbouncer.pool_mode"]);
        Assert.Equal("150", parameters["pgbouncer.default_pool_size"]);
        Assert.Equal("5000", parameters["pgbouncer.max_client_conn"]);
        Assert.Equal("20", parameters["pgbouncer.query_wait_timeout"]);
    }

    /// <summary>Azure refuses to create an extension that is not in this list.</summary>
    [Fact]
    public void Database_allows_the_extensions_that_the_migrations_create()
    {
        var created = SqlFiles.Migrations.Concat(SqlFiles.Current)
            .SelectMany(file => CreatesExtension().Matches(file.Text))
            .Select(match => match.Groups["name"].Value.ToUpperInvariant())
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

        Assert.Equal(created, ServerParameters()["azure.extensions"].Split(',').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void App_runs_on_flex_consumption_with_its_package_read_by_an_identity()
    {
        AssertIs(_templates.PropertiesOf("Microsoft.Web/sites"), """
            {
                "httpsOnly": true,
                "functionAppConfig": {
                    "runtime": {"name": "dotnet-isolated", "version": "10.0"},
                    "deployment": {"storage": {"type": "blobContainer", "authentication": {"type": "UserAssignedIdentity"}}},
                    "scaleAndConcurrency": {"instanceMemoryMB": 2048, "maximumInstanceCount": 100}
                },
                "siteConfig": {"minTlsVersion": "1.2", "scmMinTlsVersion": "1.2", "ftpsState": "Disabled"}
            }
            """);
        Assert.Equal(
            "FC1", Assert.Single(_templates.OfType("Microsoft.Web/serverfarms")).GetProperty("sku").GetProperty("name").GetString());
        // The Functions host and the locks of its timers use the first 32 characters of the name.
        Assert.InRange(Assert.Single(_templates.OfType("Microsoft.Web/sites")).GetProperty("name").GetString()!.Length, 1, 32);
        Assert.All(_templates.OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies"), policy =>
            Assert.False(policy.GetProperty("properties").GetProperty("allow").GetBoolean()));
        Assert.Equal(2, _templates.OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Count);
    }

    /// <summary>The Functions host reads these two, and would export request paths, which contain tokens.</summary>
    [Fact]
    public void Telemetry_is_exported_by_the_app_and_not_by_the_host()
    {
        var settings = _templates.AppSettings();

        Assert.DoesNotContain("APPLICATIONINSIGHTS_CONNECTION_STRING", settings.Keys);
        Assert.DoesNotContain("OTEL_EXPORTER_OTLP_ENDPOINT", settings.Keys);
        Assert.Equal("https://collector.example.com/v1/traces", settings["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]);
        Assert.Equal("http/protobuf", settings["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Contains(_templates.OfType("Microsoft.Insights/diagnosticSettings"), setting =>
            setting.GetProperty("properties").ToString().Contains("FunctionAppLogs", StringComparison.Ordinal));
    }

    [Fact]
    public void Vault_and_telemetry_accept_identities_only()
    {
        AssertIs(
            _templates.PropertiesOf("Microsoft.KeyVault/vaults"), """{"enableRbacAuthorization": true, "enablePurgeProtection": true}""");
        Assert.True(_templates.PropertiesOf("Microsoft.Insights/components").GetProperty("DisableLocalAuth").GetBoolean());
    }

    /// <summary>
    /// Blob, queue and table data and reading secrets for the app; writing secrets for migrations; deploying for the pipeline. Nothing on
    /// the resource group.
    /// </summary>
    [Fact]
    public void Identities_have_the_roles_they_need_and_no_others()
    {
        Assert.Equal(
            [
                "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "4633458b-17de-408a-b874-0445c86b69e6",
                "974c5e8b-45b9-4653-ba55-5f855dd0fb88", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
                "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "de139f84-1756-47ae-9be6-808fbbe84772",
            ],
            _templates.OfType("Microsoft.Authorization/roleAssignments")
                .Select(assignment => assignment.GetProperty("properties").GetProperty("roleDefinitionId").GetString()!.Split('/')[^1])
                .Order(StringComparer.Ordinal));
        Assert.All(_templates.OfType("Microsoft.Authorization/roleAssignments"), assignment =>
            Assert.Equal(2, assignment.GetProperty("id").GetString()!.Split("/providers/").Length - 1));
    }

    private Dictionary<string, string> ServerParameters() =>
        _templates.OfType("Microsoft.DBforPostgreSQL/flexibleServers/configurations").ToDictionary(
            parameter => parameter.GetProperty("name").GetString()!.Split('/')[1],
            parameter => parameter.GetProperty("properties").GetProperty("value").GetString()!);

    private static IEnumerable<JsonProperty> Members(JsonElement template, string kind) =>
        template.TryGetProperty(kind, out var members) ? members.EnumerateObject() : [];

    /// <summary>Every member of the expected object is in the actual one; others may be there too.</summary>
    private static void AssertIs(JsonElement actual, string expected)
    {
        Compare("", JsonDocument.Parse(expected).RootElement, actual);

        static void Compare(string path, JsonElement expected, JsonElement actual)
        {
            if (expected.ValueKind != JsonValueKind.Object)
            {
                Assert.True(JsonElement.DeepEquals(expected, actual), $"{path} is {actual}");
                return;
            }
            foreach (var member in expected.EnumerateObject())
            {
                Assert.True(actual.TryGetProperty(member.Name, out var value), $"{path}/{member.Name} is missing");
                Compare($"{path}/{member.Name}", member.Value, value);
            }
        }
    }

    [GeneratedRegex(
        @"ConnectionString|InstrumentationKey|listSecrets|getSecret|[pP]assword\b.*reference", RegexOptions.None,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReadsSecret();

    [GeneratedRegex(
        @"\blist(Keys|AccountSas|ServiceSas|Secrets|\w*Credentials)\(", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListsKeys();

    [GeneratedRegex(
        @"^\s*create extension (if not exists )?""?(?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CreatesExtension();
}
