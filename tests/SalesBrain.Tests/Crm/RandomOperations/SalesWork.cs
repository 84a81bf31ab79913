using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Crm.RandomOperations;

/// <summary>
/// Random operations on the campaigns, contacts and leads of one organization, by parallel writers through HTTP. Which operations there are
/// follows from the seed; which rows they meet depends on how the writers take turns.
/// </summary>
internal sealed class SalesWork(TestApp app, int seed) : IDisposable
{
    /// <summary>People who exist at the same time. Few, so that writers meet.</summary>
    private const int People = 60;

    private const int Campaigns = 6;

    /// <summary>How many operations bring a new person: merging contacts makes people fewer.</summary>
    private const int OperationsPerPerson = 30;

    private static readonly string[] Statuses = ["new", "contacted", "responded", "qualified", "converted", "rejected"];
    private static readonly string[] Priorities = ["low", "medium", "high", "urgent"];

    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = app.Http.BaseAddress };
    private readonly ConcurrentQueue<string> recent = new();
    private readonly DateTime start = DateTime.UtcNow;
    private TokenEndpoint[] endpoints = [];
    private TestUser[] callers = [];
    private (Guid? Agency, Guid? Client)[] places = [];
    private Known known = new([], [], [], []);

    public Guid OrganizationId { get; private set; }

    /// <summary>The user who runs the organization.</summary>
    public TestUser Owner => callers[0];

    /// <summary>How often each operation had each status.</summary>
    public ConcurrentDictionary<(string Operation, HttpStatusCode Status), int> Responses { get; } = new();

    /// <summary>The texts of responses that nobody may get.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    public async Task RunAsync(int operations, int writers)
    {
        await CreateWorldAsync();
        var number = 0;
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var random = new Random((seed * 1000) + writer);
            while (Interlocked.Increment(ref number) is var n && n <= operations)
            {
                if (n % 20 == 0)
                {
                    await LookAroundAsync();
                }
                await WorkAsync(random, n);
            }
        }));
        await app.UntilProcessedAsync(OrganizationId);
    }

    public void Dispose() => http.Dispose();

    private async Task CreateWorldAsync()
    {
        OrganizationId = await app.CreateOrganizationAsync();
        endpoints = [await app.CreateTokenEndpointAsync(OrganizationId), await app.CreateTokenEndpointAsync(OrganizationId, "custom")];
        var (first, second) = (await app.CreateAgencyAsync(OrganizationId), await app.CreateAgencyAsync(OrganizationId));
        places = [(null, null), (first, null), (first, await app.CreateClientAsync(OrganizationId, first)), (second, await app.CreateClientAsync(OrganizationId, second))];
        callers =
        [
            await app.CreateUserAsync("owner", OrganizationId), await app.CreateUserAsync("admin", OrganizationId),
            await app.CreateUserAsync("member", OrganizationId), await app.CreateUserAsync("agency_admin", OrganizationId, first),
        ];
        using (var client = app.As(Owner))
        {
            await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted(callers.Skip(2).Take(1), 1)));
            await client.AssignNewContactsAsync(true);
        }
        for (var i = 0; i < Campaigns; i++)
        {
            await app.CreateCampaignAsync(OrganizationId, $"Campaign {i}", $"campaign-{i}");
        }
        await LookAroundAsync();
    }

    /// <summary>What there is to work on. Some of it is gone when somebody works on it, as it is for people who look at a list.</summary>
    private async Task LookAroundAsync()
    {
        async Task<Guid[]> IdsAsync(string sql) => [.. await app.QueryAsync<Guid>(sql, new { OrganizationId })];
        known = new(
            await IdsAsync("select id from app.campaign where organization_id = @OrganizationId and deleted_at is null order by id"),
            await IdsAsync("select id from app.contact where organization_id = @OrganizationId order by id"),
            await IdsAsync("select id from app.lead where organization_id = @OrganizationId and deleted_at is null order by id"),
            await IdsAsync(
                "select id from app.webhook_log where organization_id = @OrganizationId and status in ('failed', 'dead', 'ignored') "
                + "order by id desc limit 50"));
    }

    private Task WorkAsync(Random random, int n)
    {
        var (lead, contact) = (Any(random, known.Leads), Any(random, known.Contacts));
        var caller = callers[random.Next(10) switch { < 5 => 0, < 7 => 1, < 9 => 3, _ => 2 }];
        return random.Next(1000) switch
        {
            < 480 => DeliverAsync(random, n),
            < 510 => DeliverManyAsync(random, n),
            < 530 => DeliverAgainAsync(random),
            < 570 => CreateLeadAsync(random, n, caller),
            < 660 => SendAsync("edit a lead", caller, HttpMethod.Put, $"/api/v1/leads/{lead}", Edit(random)),
            < 710 => SendAsync(
                "move a lead", caller, HttpMethod.Put, $"/api/v1/leads/{lead}",
                new { campaign_id = random.Next(8) == 0 ? null : (Guid?)Any(random, known.Campaigns) }),
            < 735 => SendAsync("delete a lead", caller, HttpMethod.Delete, $"/api/v1/leads/{lead}"),
            < 760 => DeleteAndDeliverAsync(random, n),
            < 800 =>
                SendAsync("qualify a lead", caller, HttpMethod.Post, $"/api/v1/leads/{lead}/qualify", new { score = random.Next(1, 6) }),
            < 820 => SendAsync(
                "assign a lead", caller, HttpMethod.Post, $"/api/v1/leads/{lead}/assign", new { user_id = callers[random.Next(3)].Id }),
            < 860 => SendAsync(
                "update many leads", caller, HttpMethod.Post, "/api/v1/leads/bulk-update",
                new
                {
                    lead_ids = Some(random, known.Leads, 30),
                    changes = new { status = Any(random, Statuses), priority = Any(random, Priorities) },
                }),
            < 880 => SendAsync(
                "assign many leads", caller, HttpMethod.Post, "/api/v1/leads/bulk-assign",
                new { lead_ids = Some(random, known.Leads, 30), user_id = callers[random.Next(3)].Id }),
            < 888 => SendAsync(
                "delete many leads", caller, HttpMethod.Delete, "/api/v1/leads/bulk", new { lead_ids = Some(random, known.Leads, 8) }),
            < 910 => SendAsync(
                "edit a contact", caller, HttpMethod.Put, $"/api/v1/contacts/{contact}",
                new { title = $"Title {n}", last_name = $"Name {random.Next(5)}" }),
            < 920 => SendAsync(
                "change an address", callers[0], HttpMethod.Put, $"/api/v1/contacts/{contact}", new { email = Address(random, n) }),
            < 945 => SendAsync(
                "merge contacts", callers[random.Next(2)], HttpMethod.Post, $"/api/v1/contacts/{contact}/merge",
                new { into = Any(random, known.Contacts) }),
            < 955 => SendAsync(
                "assign contacts", callers[0], HttpMethod.Post, $"/api/admin/users/{callers[random.Next(3)].Id}/assign-contacts",
                new { contact_ids = Some(random, known.Contacts, 10), transfer = true }),
            < 965 => EditCampaignAsync(random, n),
            < 970 => CreateCampaignAsync(random, n),
            < 980 => SendAsync("retry an event", callers[0], HttpMethod.Post, $"/api/admin/webhooks/logs/{Any(random, known.Logs)}/retry"),
            < 990 => app.ExecuteAsync("select app.fold_tally_changes(500)"),
            _ => FireTimerAsync("RescoreLeads"),
        };
    }

    private async Task DeliverAsync(Random random, int n)
    {
        var body = Event(random, n, 0, out var endpoint);
        if (random.Next(10) == 0)
        {
            recent.Enqueue($"{endpoint.Path} {body}");
        }
        await SendTextAsync("deliver an event", HttpMethod.Post, endpoint.Path, body);
    }

    /// <summary>An array is one delivery, so its events are one commit and mostly one batch of processing.</summary>
    private Task DeliverManyAsync(Random random, int n)
    {
        var (bodies, path) = (new List<string>(), endpoints[1].Path);
        for (var i = random.Next(2, 9); i > 0; i--)
        {
            bodies.Add(Event(random, n, i, out _, isCustom: true));
        }
        return SendTextAsync("deliver an array", HttpMethod.Post, path, $"[{string.Join(',', bodies)}]");
    }

    private Task DeliverAgainAsync(Random random) =>
        recent.TryDequeue(out var delivery)
            ? SendTextAsync("deliver again", HttpMethod.Post, delivery[..delivery.IndexOf(' ')], delivery[(delivery.IndexOf(' ') + 1)..])
            : Task.Delay(random.Next(2));

    /// <summary>A deleted lead comes back with the contact's next event in the campaign.</summary>
    private async Task DeleteAndDeliverAsync(Random random, int n)
    {
        var (email, campaign) = (Address(random, n), random.Next(Campaigns));
        var leads = await app.QueryAsync<Guid>("""
            select l.id from app.lead l
            join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
            join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
            where l.organization_id = @OrganizationId and k.email_norm = @email and c.external_id = @campaign and l.deleted_at is null
            """, new { OrganizationId, email, campaign = $"campaign-{campaign}" });
        foreach (var lead in leads)
        {
            await SendAsync("delete a lead", Owner, HttpMethod.Delete, $"/api/v1/leads/{lead}");
        }
        await SendTextAsync(
            "deliver an event", HttpMethod.Post, endpoints[0].Path, Instantly(random, n, 0, email, "reply_received", campaign));
    }

    private Task CreateLeadAsync(Random random, int n, TestUser caller) => random.Next(3) == 0
        ? SendAsync(
            "create a lead", caller, HttpMethod.Post, "/api/v1/leads",
            new { contact_id = Any(random, known.Contacts), campaign_id = Any(random, known.Campaigns), status = Any(random, Statuses) })
        : SendAsync(
            "create a lead", caller, HttpMethod.Post, "/api/v1/leads/create",
            new
            {
                email = Address(random, n),
                first_name = $"First {n}",
                campaign_id = random.Next(6) == 0 ? null : (Guid?)Any(random, known.Campaigns),
            });

    private static object Edit(Random random) => random.Next(5) switch
    {
        0 => new { priority = Any(random, Priorities), tags = new[] { "seen" } },
        1 => new { interest = "interested" },
        2 => new { deal_amount = random.Next(1, 100_000), deal_currency = "EUR" },
        _ => (object)new { status = Any(random, Statuses) },
    };

    private Task EditCampaignAsync(Random random, int n)
    {
        var (id, place) = (Any(random, known.Campaigns), Any(random, places));
        return random.Next(4) switch
        {
            0 => SendAsync("edit a campaign", Owner, HttpMethod.Put, $"/api/v1/campaigns/{id}", new { name = $"Campaign {n}" }),
            1 => SendAsync(
                "move a campaign", Owner, HttpMethod.Put, $"/api/v1/campaigns/{id}",
                new { agency_id = place.Agency, client_id = place.Client }),
            2 => SendAsync(
                "pause a campaign", Owner, HttpMethod.Put, $"/api/v1/campaigns/{id}",
                new { status = random.Next(2) == 0 ? "paused" : "active" }),
            _ => SendAsync("delete a campaign", Owner, HttpMethod.Delete, $"/api/v1/campaigns/{known.Campaigns[^1]}"),
        };
    }

    private Task CreateCampaignAsync(Random random, int n) => SendAsync(
        "create a campaign", Owner, HttpMethod.Post, "/api/v1/campaigns",
        new { name = $"Campaign {n}", status = random.Next(2) == 0 ? "draft" : "active" });

    private async Task FireTimerAsync(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/functions/{name}")
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        await CountAsync("fire a timer", request);
    }

    private string Event(Random random, int n, int element, out TokenEndpoint endpoint, bool isCustom = false)
    {
        var type = Any(random, EventTypes.All.ToArray());
        isCustom |= random.Next(3) == 0;
        endpoint = endpoints[isCustom ? 1 : 0];
        // Now and then an event cannot have an effect, because it names nobody.
        var email = type.Subject == EventSubject.Contact && random.Next(60) > 0 ? Address(random, n) : null;
        if (!isCustom)
        {
            return Instantly(random, n, element, email, Any(random, type.WireNames.ToArray()), random.Next(Campaigns));
        }
        return JsonSerializer.Serialize(new
        {
            event_type = type.Name,
            email,
            // The campaign by our own id, or one of this source.
            campaign_id = type.Subject == EventSubject.Nothing
                ? null
                : random.Next(2) == 0 ? Any(random, known.Campaigns).ToString() : $"own-{random.Next(2)}",
            first_name = $"First {random.Next(4)}",
            deal_amount = type.Name == "lead.closed" ? random.Next(1, 10_000) : (int?)null,
            currency = "EUR",
            timestamp = Moment(random),
            step = n,
            variant = element,
        });
    }

    private string Instantly(Random random, int n, int element, string? email, string type, int campaign) => Deliveries.Fixture(
        "email_sent", ("event_type", type), ("lead_email", email), ("email", null), ("campaign_id", $"campaign-{campaign}"),
        ("firstName", $"First {random.Next(4)}"), ("timestamp", Moment(random)), ("step", n), ("variant", element));

    /// <summary>Within the last hour, in no order.</summary>
    private string Moment(Random random) => start.AddSeconds(-random.Next(1, 3600)).ToString("O");

    private static string Address(Random random, int n) => $"person{(n / OperationsPerPerson) + random.Next(People)}@prospect.example";

    private Task SendAsync(string operation, TestUser caller, HttpMethod method, string path, object? body = null) =>
        SendTextAsync(operation, method, path, body is null ? null : JsonSerializer.Serialize(body), TokenOf(caller));

    private async Task SendTextAsync(string operation, HttpMethod method, string path, string? body, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        await CountAsync(operation, request);
    }

    private async Task CountAsync(string operation, HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request);
        Responses.AddOrUpdate((operation, response.StatusCode), 1, (_, count) => count + 1);
        // What is forbidden, gone, taken or contradictory meanwhile is told to the caller; everything else is a mistake here or there.
        if ((int)response.StatusCode is >= 500 or 400 or 401 or 405 or 415 or 429)
        {
            Failures.Enqueue($"{operation}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    private readonly ConcurrentDictionary<Guid, string> tokens = new();

    private string TokenOf(TestUser user) => tokens.GetOrAdd(user.Id, _ => app.TokenOf(user));

    private static T Any<T>(Random random, T[] values) => values.Length == 0 ? default! : values[random.Next(values.Length)];

    private static Guid[] Some(Random random, Guid[] ids, int most) =>
        ids.Length == 0 ? [Guid.CreateVersion7()] : [.. Enumerable.Range(0, random.Next(1, most)).Select(_ => Any(random, ids))];

    private sealed record Known(Guid[] Campaigns, Guid[] Contacts, Guid[] Leads, Guid[] Logs);
}
