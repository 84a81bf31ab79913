using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SalesBrain.Core.Assignments;
using SalesBrain.Core.Telemetry;
using SalesBrain.Data.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Processing;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Crm;

/// <summary>A person who comes back while they are erased, or afterwards.</summary>
[Collection(ErasureApp.Collection)]
public sealed class ErasureRaceTests(ErasureApp app)
{
    /// <summary>Stored after the erasure, but received before: as if a commit had been slow.</summary>
    [Fact]
    public async Task Event_that_was_received_before_the_erasure_does_not_bring_the_person_back()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        using var http = app.As(owner);
        var contact = await app.CreatePersonAsync(organization, "late@acme.example");
        using var erased = await http.DeleteAsync($"{ContactWorld.Path}/{contact}");
        await erased.DataAsync();
        var body = Deliveries.Event("email_sent", "late@acme.example");
        var late = await app.CreateWebhookLogAsync(
            organization, "pending", contactEmail: "late@acme.example", createdAt: DateTimeOffset.UtcNow.AddSeconds(-30),
            dueAt: DateTime.UtcNow.AddSeconds(-1), body: body);
        var other = await app.CreateWebhookLogAsync(
            organization, "pending", contactEmail: "other@acme.example", createdAt: DateTimeOffset.UtcNow.AddSeconds(-30),
            dueAt: DateTime.UtcNow.AddSeconds(-1), body: Deliveries.Event("email_sent", "other@acme.example"));
        await app.Services.GetRequiredService<WebhookProcessor>().ProcessBatchAsync(CancellationToken.None);
        await app.UntilProcessedAsync(organization);

        Assert.Equal(
            ["other@acme.example"],
            await app.QueryAsync<string>("select email from app.contact where organization_id = @organization", new { organization }));
        Assert.Equal(
            [("ignored", false)],
            await app.QueryAsync<(string, bool)>(
                "select w.status, exists (select from app.webhook_payload p where p.log_id = w.id) from app.webhook_log w "
                + "where w.id = @late",
                new { late }));
        Assert.Equal(
            "processed", await app.QuerySingleAsync<string>("select status from app.webhook_log where id = @other", new { other }));
    }

    [Fact]
    public async Task Erasing_while_webhooks_of_the_person_arrive_leaves_only_what_came_later()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        using var http = app.As(owner);
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        var others = Enumerable.Range(0, 5).Select(i => $"other{i}@acme.example").ToArray();

        var erasures = 0;
        var arriving = Parallel.ForEachAsync(
            Enumerable.Range(0, 120), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) =>
                await app.DeliverAsync(endpoint, Deliveries.Event(
                    "email_sent", n % 2 == 0 ? "again@acme.example" : others[n % 5],
                    ("timestamp", DateTime.UtcNow.AddSeconds(n).ToString("O")), ("campaign_id", $"c{n % 3}"))));
        // At least once, however late the first event is processed.
        await Eventually.HoldsAsync(async () =>
        {
            foreach (var id in (await http.PageAsync($"{ContactWorld.Path}?search=again@")).Ids())
            {
                using var response = await http.DeleteAsync($"{ContactWorld.Path}/{id}");
                Assert.True(
                    response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.Conflict,
                    $"{response.StatusCode}");
                erasures += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
            }
            return arriving.IsCompleted && erasures > 0;
        }, "all events have arrived and the person was erased");
        await arriving;
        await app.UntilProcessedAsync(organization);

        var facts = await app.QuerySingleJsonAsync("""
            select (select count(*) from app.webhook_attempt where organization_id = @organization) as failures,
                (select count(*) from app.webhook_log where organization_id = @organization and status not in ('processed', 'ignored')) as unfinished,
                (select count(*) from app.activity a join app.contact k on k.id = a.contact_id where a.organization_id = @organization and k.email <> 'again@acme.example') as of_others,
                (select count(*) from app.activity a where a.organization_id = @organization and a.contact_id is null) as of_nobody
            """, new { organization });
        facts.AssertIncludes(new { Failures = 0, Unfinished = 0, OfOthers = 60, OfNobody = 0 });
        Assert.Empty(await CountedRows.WrongCampaignCountersAsync(app, organization));
        foreach (var id in (await http.PageAsync($"{ContactWorld.Path}?search=again@")).Ids())
        {
            using var last = await http.DeleteAsync($"{ContactWorld.Path}/{id}");
            await last.DataAsync();
        }
        Assert.Empty(await app.SearchTablesAsync(["again@acme.example"]));
    }

    /// <summary>The erasure has done everything but commit when the person comes back in each way.</summary>
    [Fact]
    public async Task Person_who_comes_back_while_they_are_erased_starts_anew_and_stays_suppressed()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        using var http = app.As(owner);
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        string[] addresses = ["contact@acme.example", "lead@acme.example", "event@acme.example", "edit@acme.example"];
        var old = new List<Guid>();
        foreach (var address in addresses)
        {
            old.Add(await app.CreatePersonAsync(organization, address, lastName: "Old", suppression: "unsubscribed"));
        }
        var other = await app.CreatePersonAsync(organization, "other@acme.example");
        var hashes = await app.Services.GetRequiredService<AddressHashKeys>().GetAsync(CancellationToken.None);
        await using var connection = new NpgsqlConnection(app.Database.Platform);
        await connection.OpenAsync();
        await using var erasure = await connection.BeginTransactionAsync();
        foreach (var (address, id) in addresses.Zip(old))
        {
            await connection.ExecuteAsync("select app.erase_contact(@organization, @id, 1, array[@address], array[@hash], @at)", new
            {
                organization,
                id,
                address,
                hash = hashes.Create(organization, address),
                at = DateTime.UtcNow,
            });
        }

        var contact = http.AddContactAsync("""{"email": "contact@acme.example"}""");
        var lead = http.PostAsync("/api/v1/leads", new { email = "lead@acme.example" });
        await app.DeliverAsync(endpoint, Deliveries.Event("email_sent", "event@acme.example"));
        var edit = http.PutTextAsync($"{ContactWorld.Path}/{other}", """{"email": "edit@acme.example"}""");
        await using var server = new NpgsqlConnection(TestCluster.Current.SuperuserConnectionString);
        while (await server.QuerySingleAsync<int>(
            "select count(*)::int from pg_stat_activity where datname = @Database and wait_event_type = 'Lock'", new { connection.Database }) < 4)
        {
            Assert.False(contact.IsCompleted || lead.IsCompleted || edit.IsCompleted);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        await erasure.CommitAsync();

        (await contact).AssertIncludes(new { Suppression = "unsubscribed" });
        (await (await lead).DataAsync()).AssertIncludes(new { Contact = new { Suppression = "unsubscribed" } });
        (await (await edit).DataAsync()).AssertIncludes(new { Email = "edit@acme.example", Suppression = "unsubscribed" });
        await app.UntilProcessedAsync(organization);
        var contacts = (await app.QueryJsonAsync("""
            select k.id, k.email, k.last_name, k.suppression from app.contact k where k.organization_id = @organization order by k.email
            """, new { organization })).EnumerateArray().ToList();
        Assert.Equal(addresses.Order(StringComparer.Ordinal), contacts.Select(row => row.GetProperty("email").GetString()!));
        Assert.All(contacts, row => row.AssertIncludes(new { Suppression = "unsubscribed", LastName = (string?)null }));
        Assert.DoesNotContain(contacts, row => old.Contains(row.GetProperty("id").GetGuid()));
    }

    /// <summary>The key is read once per process; comparing costs no statement of its own.</summary>
    [Fact]
    public async Task Event_costs_as_many_statements_whether_or_not_the_organization_has_erased_anybody()
    {
        var (quiet, erasing) = (await app.CreateUserAsync("owner"), await app.CreateUserAsync("owner"));
        using var http = app.As(erasing);
        using var erased = await http.DeleteAsync(
            $"{ContactWorld.Path}/{await app.CreatePersonAsync(erasing.OrganizationId!.Value, "x@acme.example")}");
        await erased.DataAsync();
        var counts = new List<IReadOnlyList<string>>();
        foreach (var user in new[] { quiet, erasing })
        {
            var organization = user.OrganizationId!.Value;
            var log = await app.CreateWebhookLogAsync(
                organization, "pending", contactEmail: "new@acme.example", dueAt: DateTime.UtcNow.AddHours(1),
                body: Deliveries.Event("email_sent", "new@acme.example"));
            await app.ExecuteAsync("update app.webhook_log set due_at = now() + interval '1 hour' where id = @log", new { log });
            var processor = new WebhookProcessor(
                app.Services.GetRequiredService<SalesBrainDatabase>(), app.Services.GetRequiredService<AssignmentSignal>(),
                app.Services.GetRequiredService<AddressHashKeys>(), app.Services.GetRequiredService<WebhookMetrics>(),
                new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(2)), NullLogger<WebhookProcessor>.Instance);
            counts.Add(await app.StatementsAsync(() => processor.ProcessOneAsync(organization, log, CancellationToken.None)));
            Assert.Equal(
                "processed", await app.QuerySingleAsync<string>("select status from app.webhook_log where id = @log", new { log }));
        }

        Assert.NotEmpty(counts[0]);
        Assert.Equal(counts[0], counts[1]);
        Assert.DoesNotContain(counts[1], statement => statement.Contains("address_hash_key", StringComparison.Ordinal));
        // The claim, the payload and the effects.
        Assert.Equal(3, counts[1].Count(statement => !statement.StartsWith("begin", StringComparison.OrdinalIgnoreCase) && !statement.StartsWith("commit", StringComparison.OrdinalIgnoreCase)
            && new[] { "for update", "from unnest($1, $2, $3, $4) as l", "app.apply_webhook_events($1" }.Any(
                part => statement.Contains(part, StringComparison.Ordinal))));
    }
}
