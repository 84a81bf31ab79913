using Microsoft.Extensions.Configuration;
using SalesBrain.Functions.Composition;
using SalesBrain.Functions.Configuration;

namespace SalesBrain.Tests.Configuration;

public sealed class AppSettingsTests
{
    private static readonly Dictionary<string, string?> Enough = new()
    {
        ["ConnectionStrings:SalesBrainTenant"] = "Host=db.example;Username=salesbrain_tenant",
        ["ConnectionStrings:SalesBrainPlatform"] = "Host=db.example;Username=salesbrain_platform",
        ["Jwt:Keys:0:Id"] = "k1",
        ["Jwt:Keys:0:Secret"] = Convert.ToBase64String(new byte[32]),
        ["DataKeys:Keys:0:Id"] = "k1",
        ["DataKeys:Keys:0:Secret"] = Convert.ToBase64String(new byte[32]),
        ["Portal:BaseUrl"] = "https://portal.example",
        ["Mail:Transport"] = "folder",
        ["Files:Storage"] = "folder",
    };

    [Fact]
    public void Required_settings_alone_are_enough()
    {
        Assert.Empty(Problems([]));
    }

    [Fact]
    public void Each_missing_setting_is_named_once()
    {
        var problems = Problems([], []);

        foreach (var name in new[] { "ConnectionStrings__SalesBrainTenant", "ConnectionStrings__SalesBrainPlatform", "Jwt__Keys__0__Secret", "Portal__BaseUrl", "Mail__Transport", "Files__Storage" })
        {
            Assert.Single(problems, problem => problem.Contains(name, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("ConnectionStrings:SalesBrainTenant")]
    [InlineData("Database:CommandTimeoutSeconds")]
    [InlineData("Webhooks:PublicBaseUrl")]
    [InlineData("Jwt:Keys:0:Secret")]
    [InlineData("Jwt:Issuer")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS")]
    public void Unresolved_key_vault_reference_is_refused_in_one_line(string key)
    {
        var problem = Assert.Single(Problems([new(key, "@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/one)")]));

        Assert.StartsWith($"{key.Replace(":", "__")} is a Key Vault reference that was not resolved", problem);
        Assert.DoesNotContain("vault.example", problem);
    }

    [Theory]
    [InlineData("Database:CommandTimeoutSeconds", "soon", "a whole number from 1 to 230")]
    [InlineData("Database:CommandTimeoutSeconds", "0", "a whole number from 1 to 230")]
    [InlineData("Network:TrustedProxies", "11", "a whole number from 0 to 10")]
    [InlineData("Webhooks:PublicBaseUrl", "api.example.com", "an absolute http or https URL")]
    [InlineData("Webhooks:PublicBaseUrl", "ftp://api.example.com", "an absolute http or https URL")]
    [InlineData("Onboarding:BaseUrl", "onboarding.example.com", "an absolute http or https URL")]
    [InlineData("Onboarding:GuessLimit", "0", "a whole number from 1 to 10000")]
    [InlineData("Portal:BaseUrl", "app.example.com", "an absolute http or https URL")]
    [InlineData("Mail:Transport", "pigeon", "must be smtp or folder")]
    [InlineData("Mail:From", "nobody", "must be an e-mail address")]
    [InlineData("Mail:SmtpPort", "0", "a whole number from 1 to 65535")]
    [InlineData("Mail:SmtpSecurity", "some", "must be starttls or tls or none")]
    [InlineData("ConnectionStrings:SalesBrainPlatform", "Server for Password=hunter2", "not a PostgreSQL connection string")]
    [InlineData("Jwt:Lifetime", "a while", "must be a duration such as 00:15:00")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "an absolute http or https URL")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "must be grpc or http/protobuf")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://collector:4318/v1/traces", "must be set together")]
    public void Malformed_value_is_refused_in_one_line_that_says_what_it_should_be(string key, string value, string expected)
    {
        var problem = Assert.Single(Problems([new(key, value)]));

        Assert.StartsWith(key.Replace(":", "__"), problem);
        Assert.Contains(expected, problem);
        Assert.DoesNotContain("hunter2", problem);
        Assert.DoesNotContain('\n', problem);
    }

    [Theory]
    [InlineData("", "none", "", "", "Mail__SmtpHost is missing")]
    [InlineData("mail.example", "tls", "user", "", "Mail__SmtpUser and Mail__SmtpPassword must be set together")]
    [InlineData("mail.example", "tls", "", "hunter2", "Mail__SmtpUser and Mail__SmtpPassword must be set together")]
    [InlineData("mail.example", "none", "user", "hunter2", "Mail__SmtpSecurity none would send")]
    [InlineData("mail.example", "starttls", "user", "hunter2", null)]
    [InlineData("mail.example", "none", "", "", null)]
    public void A_mail_server_that_could_not_be_used_is_refused(
        string host, string security, string user, string password, string? expected)
    {
        var problems = Problems(
        [
            new("Mail:Transport", "smtp"), new("Mail:From", "no-reply@mail.example"), new("Mail:SmtpHost", host),
            new("Mail:SmtpSecurity", security), new("Mail:SmtpUser", user), new("Mail:SmtpPassword", password),
        ]);

        if (expected is null)
        {
            Assert.Empty(problems);
        }
        else
        {
            Assert.StartsWith(expected, Assert.Single(problems));
            Assert.DoesNotContain("hunter2", problems[0]);
        }
    }

    [Fact]
    public void Mails_that_reach_people_need_a_sender()
    {
        Assert.StartsWith(
            "Mail__From is missing", Assert.Single(Problems([new("Mail:Transport", "smtp"), new("Mail:SmtpHost", "mail.example")])));
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        var problems = Problems([new("Webhooks:ExportMaxRows", "none"), new("Network:TrustedProxies", "-1"), new("Jwt:Audience", "")]);

        Assert.Equal(
            ["Network__TrustedProxies", "Webhooks__ExportMaxRows", "Jwt__Audience"], problems.Select(problem => problem.Split(' ')[0]));
    }

    private static IReadOnlyList<string> Problems(
        IEnumerable<KeyValuePair<string, string?>> changes, Dictionary<string, string?>? settings = null)
    {
        var reader = new SettingsReader(
            new ConfigurationBuilder().AddInMemoryCollection(settings ?? Enough).AddInMemoryCollection(changes).Build());
        AppSettings.Read(reader);
        return Record.Exception(reader.ThrowIfAnyProblem) is SettingsException wrong ? wrong.Problems : [];
    }
}
