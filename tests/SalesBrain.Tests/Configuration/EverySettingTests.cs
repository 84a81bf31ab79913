using Microsoft.Extensions.Configuration;
using SalesBrain.Functions.Composition;
using SalesBrain.Functions.Configuration;
using SalesBrain.LocalHost.Development;

namespace SalesBrain.Tests.Configuration;

/// <summary>Every setting of the published app: a missing, malformed or unresolved one ends the start in one line that names it.</summary>
public sealed class EverySettingTests
{
    /// <summary>A complete configuration for sending e-mails, so that each setting counts.</summary>
    private static readonly Dictionary<string, string?> Enough = LocalDefaults.Schedules.Concat(
    [
        new("ConnectionStrings__SalesBrainTenant", "Host=db.example;Username=salesbrain_tenant;Ssl Mode=VerifyFull"),
        new("ConnectionStrings__SalesBrainPlatform", "Host=db.example;Username=salesbrain_platform;Ssl Mode=VerifyFull"),
        new("Database__TenantClientId", "11111111-1111-4111-8111-111111111111"),
        new("Database__PlatformClientId", "22222222-2222-4222-8222-222222222222"),
        new("Jwt__Keys__0__Id", "k1"),
        new("Jwt__Keys__0__Secret", Convert.ToBase64String(new byte[32])),
        new("DataKeys__Keys__0__Id", "k1"),
        new("DataKeys__Keys__0__Secret", Convert.ToBase64String(new byte[32])),
        new("Portal__BaseUrl", "https://portal.example"),
        new("Mail__Transport", "smtp"),
        new("Mail__From", "no-reply@example.com"),
        new("Mail__SmtpHost", "mail.example"),
        new("Files__Storage", "blob"),
        new("Files__ContainerUrl", "https://account.blob.core.windows.net/files"),
    ]).ToDictionary(StringComparer.Ordinal);

    /// <summary>A value that is no value of the setting, and what the message says it should be.</summary>
    private static readonly Dictionary<string, (string Value, string Expected)> Malformed = new(StringComparer.Ordinal)
    {
        ["ConnectionStrings__SalesBrainTenant"] = ("Server for Password=hunter2", "PostgreSQL connection string"),
        ["ConnectionStrings__SalesBrainPlatform"] = ("Username=salesbrain_platform;Password=hunter2", "PostgreSQL connection string"),
        ["Database__TenantClientId"] = ("id-salesbrain-tenant", "must be a GUID"),
        ["Database__PlatformClientId"] = ("{22222222-2222-4222-8222-222222222222}", "must be a GUID"),
        ["Database__CommandTimeoutSeconds"] = ("0", "a whole number from 1 to 230"),
        ["Network__TrustedProxies"] = ("11", "a whole number from 0 to 10"),
        ["Webhooks__PublicBaseUrl"] = ("api.example.com", "an absolute http or https URL"),
        ["Webhooks__ExportMaxRows"] = ("all", "a whole number from 1 to 10000000"),
        ["Webhooks__ProcessedRetentionDays"] = ("-1", "a whole number from 1 to 3650"),
        ["Webhooks__PayloadRetentionDays"] = ("3651", "a whole number from 1 to 3650"),
        ["Webhooks__DeadRetentionDays"] = ("1.5", "a whole number from 1 to 3650"),
        ["Onboarding__BaseUrl"] = ("ftp://onboarding.example.com", "an absolute http or https URL"),
        ["Onboarding__GuessLimit"] = ("0", "a whole number from 1 to 10000"),
        ["Onboarding__GuessPeriodMinutes"] = ("1441", "a whole number from 1 to 1440"),
        ["Jwt__Issuer"] = (new string('i', 201), "must be 1 to 200 characters"),
        ["Jwt__Audience"] = (new string('a', 201), "must be 1 to 200 characters"),
        ["Jwt__Lifetime"] = ("a while", "must be a duration such as 00:15:00"),
        ["Jwt__Keys__0__Id"] = ("key one", "letters, digits, dots, dashes or underscores"),
        ["Jwt__Keys__0__Secret"] = ("hunter2", "base64 of at least 32 random bytes"),
        ["DataKeys__Keys__0__Id"] = ("key/one", "letters, digits, dots, dashes or underscores"),
        ["DataKeys__Keys__0__Secret"] = ("hunter2", "base64 of 32 random bytes"),
        ["Portal__BaseUrl"] = ("/portal", "an absolute http or https URL"),
        ["Mail__Transport"] = ("pigeon", "must be smtp or folder"),
        ["Mail__From"] = ("nobody", "must be an e-mail address"),
        ["Mail__SmtpPort"] = ("65536", "a whole number from 1 to 65535"),
        ["Mail__SmtpSecurity"] = ("some", "must be starttls or tls or none"),
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = ("collector.example:4317", "an absolute http or https URL"),
        ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = ("collector.example/traces", "an absolute http or https URL"),
        ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = ("/metrics", "an absolute http or https URL"),
        ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = ("ftp://collector.example/logs", "an absolute http or https URL"),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = ("thrift", "must be grpc or http/protobuf"),
        ["Genesys__Clients"] = ("eu-central-1=hunter2", "must be region=id:secret"),
        ["Genesys__PortalOrigins"] = ("https://agents.example.com/portal", "must be URLs without a path"),
        ["Genesys__SandboxUrl"] = ("https://sandbox.example.com", "of this machine"),
        ["Whatsapp__GraphVersion"] = ("23", "must be a version such as v23.0"),
        ["Whatsapp__AppId"] = ("our app", "must be digits"),
        ["Whatsapp__AppSecret"] = ("hunter2", "must be at least 12 characters"),
        ["Whatsapp__VerifyToken"] = ("hunter2", "must be at least 12 characters"),
        ["Whatsapp__SandboxUrl"] = ("https://sandbox.example.com", "of this machine"),
        ["Tenants__ServiceKey"] = ("hunter2", "must be at least 32 characters"),
        ["Responses__ExportMaxRows"] = ("0", "a whole number from 1 to 10000000"),
        ["Responses__MinBytesPerSecond"] = ("0", "a whole number from 1 to 1000000"),
        ["Live__StreamsPerInstance"] = ("0", "a whole number from 1 to 100000"),
        ["Responses__ExportsPerOrganization"] = ("many", "a whole number from 1 to 1000"),
        ["Imports__JobsPerOrganization"] = ("0", "a whole number from 1 to 100"),
        ["Imports__JobsPerInstance"] = ("many", "a whole number from 1 to 100"),
        ["Sources__ApolloUrl"] = ("http://api.apollo.example", "must be an https URL"),
        ["Sources__ZoominfoUrl"] = ("https://10.0.0.1", "must be an https URL"),
        ["Sources__ZoominfoTokenUrl"] = ("http://localhost:7071/token", "must be an https URL"),
        ["Sources__LinkedinUrl"] = ("https://user:hunter2@api.linkedin.example", "must be an https URL"),
        ["Sources__LinkedinVersion"] = ("202613", "a year and a month"),
        ["Sources__AllowLoopback"] = ("sometimes", "must be true or false"),
        ["Files__Storage"] = ("drawer", "must be blob or folder"),
        ["Files__ContainerUrl"] = ("https://account.blob.core.windows.net/files?sig=hunter2", "the https URL of a blob container"),
        ["Files__ClientId"] = ("id-salesbrain", "must be a GUID"),
        ["Responses__ExportsPerInstance"] = ("1001", "a whole number from 1 to 1000"),
    };

    /// <summary>Settings that take any text. Whether it works shows when it is used.</summary>
    private static readonly string[] AnyText =
        ["Mail__Folder", "Files__Folder", "Mail__SmtpHost", "Mail__SmtpUser", "Mail__SmtpPassword", "OTEL_EXPORTER_OTLP_HEADERS"];

    public static TheoryData<string> Settings => [.. Asked().Select(setting => setting.Name)];

    public static TheoryData<string> RequiredSettings =>
        [.. Asked().Where(setting => setting.Default is null).Select(setting => setting.Name)];

    public static TheoryData<string> CheckedSettings => [.. Asked().Select(setting => setting.Name).Except(AnyText)];

    [Fact]
    public void Complete_settings_have_no_problem() => Assert.Empty(Problems([]));

    [Theory]
    [MemberData(nameof(Settings))]
    public void Unresolved_reference_to_the_vault_is_refused(string name)
    {
        var problem = Assert.Single(Problems(new() { [name] = "@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/one)" }));

        Assert.Equal(
            $"{name} is a Key Vault reference that was not resolved: check the secret's name and the app's access to the vault.", problem);
    }

    [Theory]
    [InlineData("Jwt__Keys__1__Secret")]
    [InlineData("DataKeys__Keys__1__Id")]
    public void Unresolved_reference_of_a_further_key_is_refused(string name)
    {
        var section = name.Split('_')[0];
        var problems = Problems(new()
        {
            [$"{section}__Keys__1__Id"] = "k2",
            [$"{section}__Keys__1__Secret"] = Convert.ToBase64String(new byte[32]),
            [name] = "@microsoft.keyvault(VaultName=one;SecretName=two)",
        });

        Assert.StartsWith($"{name} is a Key Vault reference that was not resolved", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(RequiredSettings))]
    public void Missing_required_setting_is_refused(string name)
    {
        foreach (var value in new[] { null, "", " " })
        {
            var problem = Assert.Single(Problems(new() { [name] = value }));

            Assert.Contains(name, problem, StringComparison.Ordinal);
            Assert.Matches("is missing: .{10,}|must be .{10,}", problem);
        }
    }

    [Theory]
    [MemberData(nameof(CheckedSettings))]
    public void Malformed_value_is_refused(string name)
    {
        var (value, expected) = name.EndsWith("Schedule", StringComparison.Ordinal)
            ? ("*/15 * * * *", "an NCRONTAB expression of six fields")
            : Malformed[name];

        var problem = Assert.Single(Problems(new() { [name] = value }));

        Assert.StartsWith(name, problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }

    [Theory]
    [InlineData("Host=db.example;Username=salesbrain_tenant;Ssl Mode=VerifyFull;Password=hunter2", "must not contain a password")]
    [InlineData("Host=db.example;Username=salesbrain_tenant;Ssl Mode=VerifyFull;Passfile=/hunter2", "must not contain a password")]
    [InlineData("Host=db.example;Ssl Mode=VerifyFull", "must contain Username")]
    [InlineData("Host=db.example;Username=salesbrain_tenant", "must contain Ssl Mode=VerifyFull")]
    [InlineData("Host=db.example;Username=salesbrain_tenant;Ssl Mode=Require", "must contain Ssl Mode=VerifyFull")]
    public void A_connection_that_a_token_must_not_be_used_with_is_refused(string connection, string expected)
    {
        var problem = Assert.Single(Problems(new() { ["ConnectionStrings__SalesBrainTenant"] = connection }));

        Assert.StartsWith($"ConnectionStrings__SalesBrainTenant {expected}", problem, StringComparison.Ordinal);
        Assert.EndsWith("because Database__TenantClientId is set.", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Database__TenantClientId")]
    [InlineData("Database__PlatformClientId")]
    public void Identities_for_one_login_only_are_refused(string name)
    {
        var problem = Assert.Single(Problems(new() { [name] = "" }));

        Assert.StartsWith(
            "Database__TenantClientId and Database__PlatformClientId must be set together.", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Whatsapp__AppId", "900000000000001")]
    [InlineData("Whatsapp__AppSecret", "a-long-app-secret")]
    [InlineData("Whatsapp__VerifyToken", "a-long-verify-token")]
    public void A_part_of_the_app_at_Meta_is_refused(string name, string value)
    {
        var problem = Assert.Single(Problems(new() { [name] = value }));

        Assert.Equal("Whatsapp__AppId, Whatsapp__AppSecret and Whatsapp__VerifyToken must be set together.", problem);
    }

    [Fact]
    public void Passwords_in_the_connection_strings_need_no_identities()
    {
        Assert.Empty(Problems(new()
        {
            ["ConnectionStrings__SalesBrainTenant"] = "Host=db.example;Username=salesbrain_tenant;Password=hunter2",
            ["ConnectionStrings__SalesBrainPlatform"] = "Host=db.example;Username=salesbrain_platform;Password=hunter2",
            ["Database__TenantClientId"] = "",
            ["Database__PlatformClientId"] = null,
        }));
    }

    private static IReadOnlyList<string> Problems(Dictionary<string, string?> changes)
    {
        var reader = Read(
            Enough.Where(setting => !changes.ContainsKey(setting.Key)).Concat(changes.Where(setting => setting.Value is not null)));
        return Record.Exception(reader.ThrowIfAnyProblem) is SettingsException refusal ? refusal.Problems : [];
    }

    private static IReadOnlyList<Setting> Asked() => Read([]).Asked;

    /// <summary>As the published app reads its settings.</summary>
    private static SettingsReader Read(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var paths = settings.Select(
            setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value));
        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(paths).Build());
        Schedules.Check(reader);
        AppSettings.Read(reader);
        return reader;
    }
}
