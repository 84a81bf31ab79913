using Npgsql;
using SalesBrain.Core.Onboarding;
using SalesBrain.Core.Security;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.LocalHost;

/// <summary><c>reseal</c> as an operator runs it: a process with settings and an exit code, beside an app that runs.</summary>
public sealed class ResealCommandTests : IAsyncLifetime
{
    private const string Endpoints = "app.webhook_endpoint.secret_sealed";
    private static readonly TestKeys Old = new(["jwt"], ["data-old"]);
    private static readonly TestKeys Both = new(["jwt"], ["data-new", "data-old"]);
    private static readonly TestKeys New = new(["jwt"], ["data-new"]);

    private KeyedApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await KeyedApp.StartAsync(Old);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Owner_and_platform_login_seal_everything_with_the_first_key(bool asOwner)
    {
        var made = await MakeEndpointsAsync();
        string[] options = asOwner ? ["--connection", _app.Database.Owner] : [];

        var (code, output, errors) = await RunAsync(Both, [.. options, "--check"]);
        Assert.Equal("", errors);
        Assert.Equal(
            """
            app.onboarding_link.token_sealed: 1 sealed with data-old
            app.webhook_endpoint.secret_sealed: 3 sealed with data-old
            app.webhook_endpoint.previous_secret_sealed: 1 sealed with data-old
            app.whatsapp_account.token_sealed: 1 sealed with data-old
            app.whatsapp_account.pin_sealed: 1 sealed with data-old
            The first data key, data-new, seals 0 values.
            The data key data-old seals 7 values and must not be removed.
            """, output, ignoreLineEndingDifferences: true);
        Assert.Equal(1, code);

        (code, output, errors) = await RunAsync(Both, options);
        Assert.Equal("", errors);
        Assert.Equal(
            """
            7 values were re-sealed.
            app.onboarding_link.token_sealed: 1 sealed with data-new
            app.webhook_endpoint.secret_sealed: 3 sealed with data-new
            app.webhook_endpoint.previous_secret_sealed: 1 sealed with data-new
            app.whatsapp_account.token_sealed: 1 sealed with data-new
            app.whatsapp_account.pin_sealed: 1 sealed with data-new
            The first data key, data-new, seals 7 values.
            The data key data-old seals 0 values.
            """, output, ignoreLineEndingDifferences: true);
        Assert.Equal(0, code);
        Assert.Equal(made, await OpenAllAsync(New.Box));
    }

    [Fact]
    public async Task Run_that_was_killed_is_completed_by_the_next_one()
    {
        var made = await MakeLinksAsync(1500);
        await using var owner = NpgsqlDataSource.Create(_app.Database.Owner);
        await using var connection = await owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand(
            "select id from app.onboarding_link where id in (select id from app.onboarding_link order by id limit 600 offset 400) for "
            + "update",
            connection, transaction))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        using (var run = LocalHostProcess.Start(["reseal"], Variables(Both)))
        {
            await run.ReadToAsync("Waiting for 600 values");
            // Disposing kills it.
        }
        Assert.Equal(900, await CountAsync("data-new"));
        Assert.Equal(600, await CountAsync("data-old"));
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);

        var (code, output, errors) = await RunAsync(Both);

        Assert.Equal("", errors);
        Assert.StartsWith("600 values were re-sealed.", output, StringComparison.Ordinal);
        Assert.Equal(0, code);
        Assert.Equal(made, await OpenAllAsync(New.Box));
        Assert.Equal(0, (await RunAsync(New, ["--check"])).ExitCode);
    }

    [Fact]
    public async Task Person_who_was_erased_before_is_recognized_without_the_old_key()
    {
        var owner = await _app.CreateUserAsync("owner");
        using var before = _app.As(owner);
        var contact = (await before.AddContactAsync("""{"email": "ann@acme.example", "suppression": "manual"}""")).GetProperty("id").GetGuid();
        using var erased = await before.DeleteAsync($"{ContactWorld.Path}/{contact}");
        await erased.DataAsync();

        var (code, output, _) = await RunAsync(Both);

        Assert.Contains("app.address_hash_key.key_sealed: 1 sealed with data-new", output, StringComparison.Ordinal);
        Assert.Equal(0, code);
        await using var app = await KeyedApp.StartAsync(New, _app);
        using var after = app.As(owner);
        (await after.AddContactAsync("""{"email": "Ann@acme.example"}""")).AssertIncludes(new { Suppression = "manual" });
    }

    /// <summary>With a stand-in for the Azure CLI, whose token is the login's password.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Token_of_the_Azure_CLI_signs_in(bool asOwner)
    {
        using var cli = new AzureCli();
        await MakeLinksAsync(1);
        var login = new NpgsqlConnectionStringBuilder(asOwner ? _app.Database.Owner : _app.Database.Platform);
        cli.SignIn(login.Password!);
        login.Password = null;
        var variables = new Dictionary<string, string>([.. Both.Variables, cli.Variable])
        {
            ["ConnectionStrings__SalesBrainPlatform"] = login.ConnectionString,
        };

        var (code, output, errors) = await LocalHostProcess.RunAsync(
            ["reseal", "--entra", .. asOwner ? ["--connection", login.ConnectionString] : (string[])[]], variables);

        Assert.Equal("", errors);
        Assert.Contains("app.onboarding_link.token_sealed: 1 sealed with data-new", output, StringComparison.Ordinal);
        Assert.Equal(0, code);
        Assert.Equal(0, await CountAsync("data-old"));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Username=owner", "--entra: sign in first, with az login or azd auth login.")]
    [InlineData("Host=db.example;Username=owner;Password=hunter2;Ssl Mode=VerifyFull", "--connection must not contain a password")]
    [InlineData("Host=db.example;Username=owner", "--connection must contain Ssl Mode=VerifyFull")]
    [InlineData("Hots=db.example;Password=hunter2", "--connection is not a PostgreSQL connection string")]
    public async Task Nobody_signed_in_or_a_connection_for_no_token_ends_it_in_one_line(string connection, string expected)
    {
        using var cli = new AzureCli();
        cli.SignOut();
        var variables = new Dictionary<string, string>([.. Both.Variables, cli.Variable]);

        var (code, output, errors) = await LocalHostProcess.RunAsync(
            ["reseal", "--check", "--entra", "--connection", connection], variables);

        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', errors.Trim());
        Assert.DoesNotContain("hunter2", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_that_is_asked_to_stop_ends_with_130()
    {
        await MakeLinksAsync(1);
        await using var owner = NpgsqlDataSource.Create(_app.Database.Owner);
        await using var connection = await owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("select id from app.onboarding_link for update", connection, transaction);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        using var run = LocalHostProcess.Start(["reseal"], Variables(Both));
        await run.ReadToAsync("Waiting for 1 values");

        Assert.Equal(130, await run.TerminateAsync());
    }

    [Fact]
    public async Task Secrets_that_change_meanwhile_are_neither_lost_nor_forgotten()
    {
        var owner = await _app.CreateUserAsync("owner");
        var endpoints = new List<TestEndpoint>();
        for (var i = 0; i < 6; i++)
        {
            endpoints.Add(await _app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: "header"));
        }
        // An instance that has not been restarted yet: it seals with the old key.
        var rotating = Task.WhenAll(endpoints.Select(async endpoint =>
        {
            using var client = _app.As(owner);
            for (var rotations = 0; rotations < 15; rotations++)
            {
                endpoint = endpoint with { Secret = (await (await client.PostTextAsync($"{endpoint.Path}/rotate", """{"what": "secret"}""")).DataAsync()).SecretOf() };
            }
            return endpoint;
        }));

        await using var database = new SalesBrainDatabase(
            new() { TenantConnectionString = _app.Database.Tenant, PlatformConnectionString = _app.Database.Platform });
        var resealing = new Resealing(database, Both.Box);
        var resealed = 0;
        do
        {
            resealed += (await resealing.RunOnceAsync((_, _) => { }, CancellationToken.None)).Resealed;
        }
        while (!rotating.IsCompleted);
        var current = await rotating;
        while (await resealing.RunOnceAsync((_, _) => { }, CancellationToken.None) is { Resealed: > 0 })
        {
            // Until nothing is left.
        }

        Assert.True(resealed > 12, $"{resealed} values");
        Assert.Equal(0, await CountAsync("data-old"));
        var secrets = await OpenAllAsync(New.Box);
        Assert.All(current, endpoint => Assert.Equal(endpoint.Secret, secrets[$"webhook_endpoint.secret_sealed {endpoint.Id}"]));
        Assert.Equal(12, secrets.Count);
    }

    [Fact]
    public async Task Values_of_missing_keys_and_damaged_ones_are_named_and_hold_up_no_others()
    {
        var owner = await _app.CreateUserAsync("owner");
        var (good, lost, damaged) = (await MakeAsync(), await MakeAsync(), await MakeAsync());
        var foreign = new TestKeys([], ["data-lost"])
            .Box.Seal("a secret of a lost key", lost.OrganizationId, WebhookEndpointSecrets.Purpose);
        await _app.ExecuteAsync("update app.webhook_endpoint set secret_sealed = @foreign where id = @Id", new { foreign, lost.Id });
        await _app.ExecuteAsync("update app.webhook_endpoint set secret_sealed = '\\x00ff' where id = @Id", new { damaged.Id });

        var (code, output, errors) = await RunAsync(Both);

        Assert.Equal(1, code);
        Assert.Equal(
            $"""
            1 values were re-sealed.
            {Endpoints}: 1 not sealed
            {Endpoints}: 1 sealed with data-lost
            {Endpoints}: 1 sealed with data-new
            The first data key, data-new, seals 1 values.
            The data key data-old seals 0 values.
            The data key data-lost seals 1 values and is not configured: they cannot be opened.
            """, output, ignoreLineEndingDifferences: true);
        Assert.Contains(
            $"{Endpoints} of row {lost.Id} was not re-sealed: The secret is sealed with the data key data-lost", errors,
            StringComparison.Ordinal);
        Assert.Contains(
            $"{Endpoints} of row {damaged.Id} was not re-sealed: The sealed secret was changed", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(good.Secret!, output + errors, StringComparison.Ordinal);

        Task<TestEndpoint> MakeAsync() => _app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: "header");
    }

    [Fact]
    public async Task Database_of_a_newer_version_is_left_alone()
    {
        await MakeLinksAsync(1);
        await _app.ExecuteAsync("alter table app.agency add column token_sealed bytea");

        var (code, output, errors) = await RunAsync(Both);

        Assert.Equal(
            "This version does not know app.agency.token_sealed. Run the command of the version that migrated the database.", errors);
        Assert.Equal("", output);
        Assert.Equal(1, code);
        Assert.Equal(1, await CountAsync("data-old"));
    }

    [Fact]
    public async Task Settings_that_are_missing_or_wrong_are_named()
    {
        var (code, _, errors) = await RunAsync(new TestKeys([], []), ["--check"]);
        Assert.Equal(1, code);
        Assert.StartsWith("DataKeys__Keys__0__Id and DataKeys__Keys__0__Secret must be set", errors, StringComparison.Ordinal);

        (code, _, errors) = await LocalHostProcess.RunAsync(["reseal"], Both.Variables);
        Assert.Equal(1, code);
        Assert.StartsWith("ConnectionStrings__SalesBrainPlatform is missing", errors, StringComparison.Ordinal);

        var wrong = new NpgsqlConnectionStringBuilder(_app.Database.Platform) { Password = "wrong-password" };
        (code, _, errors) = await RunAsync(Both, ["--connection", wrong.ConnectionString]);
        Assert.Equal(1, code);
        Assert.StartsWith("--connection: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-password", errors, StringComparison.Ordinal);

        (code, _, errors) = await RunAsync(Both, ["--chekc"]);
        Assert.Equal(2, code);
        Assert.Contains("reseal [--connection STRING] [--entra] [--check]", errors, StringComparison.Ordinal);
    }

    /// <summary>
    /// Three secrets, one of them of a deleted endpoint, a previous secret, a link, and the token and the PIN of a WhatsApp account;
    /// returns what they are.
    /// </summary>
    private async Task<SortedDictionary<string, string>> MakeEndpointsAsync()
    {
        var owner = await _app.CreateUserAsync("owner");
        using var client = _app.As(owner);
        var rotated = await _app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: "hmac");
        await (await client.PostTextAsync($"{rotated.Path}/rotate", """{"what": "secret"}""")).DataAsync();
        await _app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: "basic");
        await _app.CreateEndpointAsync(owner.OrganizationId!.Value);
        var deleted = await _app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: "header");
        await (await client.DeleteAsync(deleted.Path)).DataAsync();
        await _app.CreateOnboardingLinkAsync(owner);
        await _app.CreateWhatsappAccountAsync(owner.OrganizationId!.Value);
        return await OpenAllAsync(Old.Box);
    }

    /// <summary>Many links, made straight in the database.</summary>
    private async Task<SortedDictionary<string, string>> MakeLinksAsync(int count)
    {
        var organization = await _app.CreateOrganizationAsync();
        var tokens = Enumerable.Range(0, count).Select(_ => OnboardingTokens.Create()).ToArray();
        await _app.ExecuteAsync("""
            insert into app.onboarding_link (organization_id, token_hash, token_sealed, expires_at)
            select @organization, h, s, now() + interval '7 days' from unnest(@hashes, @envelopes) t (h, s)
            """, new
        {
            organization,
            hashes = tokens.Select(token => OnboardingTokens.Hash(token)!).ToArray(),
            envelopes = tokens.Select(token => Old.Box.Seal(token, organization, OnboardingTokens.Purpose)).ToArray(),
        });
        return await OpenAllAsync(Old.Box);
    }

    /// <summary>Every sealed value of the database by its column and row.</summary>
    private async Task<SortedDictionary<string, string>> OpenAllAsync(SecretBox box)
    {
        var secrets = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var column in SealedColumns.All)
        {
            foreach (var (organizationId, id, envelope) in await _app.QueryAsync<(Guid, Guid, byte[])>(
                $"select {(column.IsOfOrganization ? "organization_id" : $"'{Guid.Empty}'::uuid")}, id, {column.Name} from app.{column.Table} where {column.Name} is not null"))
            {
                secrets.Add($"{column.Table}.{column.Name} {id}", box.OpenText(envelope, organizationId, column.Purpose));
            }
        }
        return secrets;
    }

    /// <summary>How many values a key seals.</summary>
    private async Task<int> CountAsync(string keyId)
    {
        var count = 0;
        foreach (var column in SealedColumns.All)
        {
            var envelopes = await _app.QueryAsync<byte[]>($"select {column.Name} from app.{column.Table} where {column.Name} is not null");
            count += envelopes.Count(envelope => SecretBox.KeyIdOf(envelope) == keyId);
        }
        return count;
    }

    private Dictionary<string, string> Variables(TestKeys keys) =>
        new(keys.Variables) { ["ConnectionStrings__SalesBrainPlatform"] = _app.Database.Platform };

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(TestKeys keys, params string[] options)
    {
        var (code, output, errors) = await LocalHostProcess.RunAsync(["reseal", .. options], Variables(keys));
        return (code, output.Trim(), errors.Trim());
    }
}
