using System.Net;
using System.Text;
using Npgsql;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Telemetry;

/// <summary>
/// What two instances export over the real exporter to a collector: the way of a webhook as one trace, and nothing that nobody may read.
/// </summary>
public sealed class WebhookTraceTests(WebhookTraceTests.Instances instances) : IClassFixture<WebhookTraceTests.Instances>
{
    private const string Route = "api/webhooks/{source}/{token}";
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);

    private TestApp App => instances;

    private OtlpCollector Collector => instances.Collector;

    [Fact]
    public async Task Way_of_a_webhook_is_one_trace_from_the_request_to_the_notification()
    {
        var endpoint = await App.CreateEndpointAsync(await App.CreateOrganizationAsync(), mode: "hmac");

        var logId = await DeliverAsync(instances.First, endpoint, Reply("trace"));

        var notify = await Collector.UntilAsync(
            collector => collector.Spans.Find(span => span.Name == "notify users" && OfOrganization(span, endpoint)), "the notification");
        // Spans are exported as they end: those around the notification come after it.
        string[] around = [$"POST {Route}", "commit webhooks", "process webhooks", "process webhook"];
        var trace = await Collector.UntilAsync(
            collector => collector.Spans.FindAll(span => span.TraceId == notify.TraceId) is var all && around.All(name => all.Exists(span => span.Name == name)) ? all : null,
            "the spans around the notification");
        var process = Assert.Single(trace, span => span.Name == "process webhook");
        var commit = Assert.Single(trace, span => span.Name == "commit webhook");
        var verify = Assert.Single(trace, span => span.Name == "verify webhook");
        var receive = Assert.Single(trace, span => span.ParentId.Length == 0);
        Assert.Equal($"POST {Route}", receive.Name);
        Assert.Equal(
            [receive.Id, receive.Id, commit.Id, process.Id],
            (IEnumerable<string>)[verify.ParentId, commit.ParentId, process.ParentId, notify.ParentId]);
        var together = Assert.Single(trace, span => span.Name == "commit webhooks");
        Assert.Equal(commit.Id, together.ParentId);
        Assert.Contains(trace, span => span.Source == "Npgsql" && span.ParentId == together.Id && span["db.query.text"]!.Contains("app.webhook_receipt", StringComparison.Ordinal));
        var batch = Assert.Single(trace, span => span.Name == "process webhooks");
        Assert.Contains(batch.Id, process.Linked);
        Assert.Contains(trace, span => span.Source == "Npgsql" && span.ParentId == batch.Id && span["db.query.text"]!.Contains("apply_webhook_events", StringComparison.Ordinal));

        Assert.Equal(("ReceiveWebhook", Route, "200"), (receive["faas.name"], receive["http.route"], receive["http.response.status_code"]));
        Assert.All([receive, commit, process], span => Assert.Equal(
            (endpoint.OrganizationId.ToString(), "custom"), (span["salesbrain.organization.id"], span["salesbrain.event.source"])));
        Assert.Equal(("hmac", "accepted", "stored", "processed", logId.ToString()), (
            verify["salesbrain.webhook.auth_mode"], verify["salesbrain.webhook.outcome"], commit["salesbrain.webhook.outcome"],
            process["salesbrain.webhook.outcome"], process["salesbrain.webhook.log_id"]));
        Assert.DoesNotContain(receive.Attributes, attribute => attribute is "url.path" or "url.query" or "url.full" or "user_agent.original" or "client.address" or "server.address");
    }

    [Fact]
    public async Task Retry_on_another_instance_continues_the_trace()
    {
        var endpoint = await App.CreateEndpointAsync(await App.CreateOrganizationAsync());
        var logId = await DeliverAsync(
            instances.First, endpoint, """{"event_type": "email.replied", "timestamp": "2026-01-15T09:30:00Z"}""");
        var failed = await Collector.UntilAsync(
            collector => collector.Spans.Find(span => span.Name == "process webhook" && OfOrganization(span, endpoint)),
            "the failed attempt");
        Assert.Equal(
            (true, "failed", "contact_email_missing"), (failed.IsError, failed["salesbrain.webhook.outcome"], failed["error.type"]));

        using var retry = new HttpRequestMessage(HttpMethod.Post, $"/api/admin/webhooks/logs/{logId}/retry");
        retry.Headers.Authorization = new("Bearer", App.TokenOf(await App.CreateUserAsync("owner", endpoint.OrganizationId)));
        using var response = await instances.Second.Http.SendAsync(retry, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        var again = await Collector.UntilAsync(
            collector => collector.Spans.Find(span => span.Name == "process webhook" && span.Id != failed.Id && OfOrganization(span, endpoint)), "the retry");
        Assert.Equal((failed.TraceId, failed.ParentId), (again.TraceId, again.ParentId));
        Assert.Equal((instances.First.Id, instances.Second.Id), (failed.Process, again.Process));
    }

    [Fact]
    public async Task Deliveries_that_share_a_commit_are_linked_with_it()
    {
        var endpoint = await App.CreateEndpointAsync(await App.CreateOrganizationAsync());

        await Parallel.ForAsync(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 60 }, async (i, _) =>
            await DeliverAsync(instances.First, endpoint, EndpointWorld.SomeEvent(i)));

        var commits = await Collector.UntilAsync(
            collector =>
                collector.Spans.Where(span => span.Name == "commit webhook" && OfOrganization(span, endpoint)).ToList() is { Count: 60 } all
                    ? all
                    : null,
            "60 commits");
        var shared = await Collector.UntilAsync(
            collector => collector.Spans.Where(span => span.Name == "commit webhooks").ToList() is var all && commits.TrueForAll(commit => all.Exists(span => IsOf(span, commit)))
                ? all.FindAll(span => commits.Exists(commit => IsOf(span, commit)))
                : null,
            "the span of each delivery's commit");
        Assert.InRange(shared.Count, 1, 59);
        Assert.All(commits, commit => Assert.True(shared.Exists(span => span.ParentId == commit.Id || commit.Linked.Contains(span.Id))));
    }

    [Fact]
    public async Task Neither_traces_nor_metrics_nor_logs_have_an_address_token_secret_or_body()
    {
        var organization = await App.CreateOrganizationAsync();
        foreach (var mode in (string[])["token", "header", "basic", "hmac", "standard_webhooks"])
        {
            var endpoint = await App.CreateEndpointAsync(organization, mode: mode);
            Keep(endpoint.Token);
            Keep(endpoint.Secret ?? "");
            await DeliverAsync(instances.First, endpoint, Reply(mode));
            await DeliverAsync(instances.First, endpoint, Reply(mode));
            using var refused = await instances.First.Http.PostTextAsync(
                $"/api/webhooks/custom/{endpoint.Token}?email={Keep("query.address@prospect.example")}", Reply($"unsigned {mode}"));
        }
        using var unknown = await instances.First.Http.PostTextAsync(
            $"/api/webhooks/custom/{Keep("guessed-webhook-token")}", Reply("unknown"));
        var link = await App.CreateOnboardingLinkAsync();
        (await instances.First.Http.GetAsync($"/api/admin/onboarding/o/{Keep(link.Token)}", TestContext.Current.CancellationToken)).Dispose();
        var user = await App.CreateUserAsync("owner", organization, password: Keep("the password of a traced owner"));
        Keep(user.Email);
        foreach (var password in (string[])["the password of a traced owner", Keep("a wrong password in a trace")])
        {
            using var signIn = await instances.First.Http.PostAsync("/api/v1/auth/login", new { email = user.Email, password });
            if (signIn.IsSuccessStatusCode)
            {
                Keep((await signIn.JsonAsync()).GetProperty("access_token").GetString()!);
                Keep((await signIn.JsonAsync()).GetProperty("refresh_token").GetString()!);
            }
        }
        await FailAsync(user, Keep("private.search@prospect.example"));
        foreach (var setting in App.AllSettings.Where(setting => setting.Key.EndsWith("Secret", StringComparison.Ordinal)))
        {
            Keep(setting.Value!);
        }
        Keep(new NpgsqlConnectionStringBuilder(App.Database.Platform).Password!);
        using var fired = await instances.First.Http.PostAsync(
            "/admin/functions/PruneSignIns", null, TestContext.Current.CancellationToken);
        await Collector.UntilAsync(collector => collector.Spans.Find(span => span.Name == "timer PruneSignIns"), "the timer");
        await Collector.UntilAsync(
            collector => collector.Metrics.Find(metric => metric.Name == "salesbrain.timers.last_success"), "the timer's metric");
        await Collector.UntilAsync(
            collector => collector.Logs.Find(line => line.Body.StringValue.StartsWith("Refused a delivery", StringComparison.Ordinal)),
            "the refusal in the log");
        await Collector.UntilAsync(
            collector => collector.Logs.Find(line => line.Body.StringValue == "Unexpected failure"), "the failure in the log");

        Assert.True(_secrets.Count > 40, $"{_secrets.Count}");
        Assert.DoesNotContain(_secrets, secret => Collector.Contains(secret));
        // Finds what is there.
        Assert.True(Collector.Contains(organization.ToString()));
        // Statements have parameters instead of values.
        var statements = Collector.Spans.Select(span => span["db.query.text"]).OfType<string>().Distinct().ToList();
        Assert.True(statements.Count > 10, $"{statements.Count}");
        Assert.DoesNotContain(
            statements,
            statement => statement.Contains('@', StringComparison.Ordinal) && statement.Contains(".example", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_lines_of_a_request_have_its_trace_and_what_it_is_about()
    {
        var endpoint = await App.CreateEndpointAsync(await App.CreateOrganizationAsync(), mode: "header");
        using var refused = await instances.First.Http.PostTextAsync($"/api/webhooks/custom/{endpoint.Token}", "{}");

        var line = await Collector.UntilAsync(
            collector => collector.Logs.Find(line => line.Attributes.Any(attribute => attribute.Value.StringValue == endpoint.Id.ToString())), "the refusal in the log");

        var values = line.Attributes.ToLookup(attribute => attribute.Key, attribute => attribute.Value.StringValue);
        Assert.Contains("ReceiveWebhook", values["Function"]);
        Assert.Contains(endpoint.OrganizationId.ToString(), values["OrganizationId"]);
        Assert.Equal(Convert.ToHexStringLower(line.TraceId.Span), Assert.Single(values["TraceId"].Distinct()));
        await Collector.UntilAsync(
            collector => collector.Spans.Find(span => span.TraceId == Convert.ToHexStringLower(line.TraceId.Span)), "the request's span");
    }

    /// <summary>A failure in the database, whose text quotes a value, in a statement that gets it as a parameter.</summary>
    private async Task FailAsync(TestUser user, string value)
    {
        await App.ExecuteAsync("alter function app.find_sign_in(text) rename to find_sign_in_kept");
        await App.ExecuteAsync("""
            create function app.find_sign_in(wanted text) returns table (
                id uuid, organization_id uuid, email text, first_name text, last_name text, role text, agency_id uuid, client_id uuid, status text,
                password_hash text, organization_status text)
            language plpgsql as $$
            begin
                perform ('address ' || wanted)::uuid;
            end
            $$;
            grant execute on function app.find_sign_in(text) to salesbrain_platform
            """);
        try
        {
            using var failed = await instances.First.Http.PostAsync(
                "/api/v1/auth/login", new { email = value, password = "whatever it is" });
            Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
            Assert.Equal("owner", user.Role);
        }
        finally
        {
            await App.ExecuteAsync("drop function app.find_sign_in(text)");
            await App.ExecuteAsync("alter function app.find_sign_in_kept(text) rename to find_sign_in");
        }
    }

    private string Reply(string about) => $$"""
        {"event_type": "email.replied", "timestamp": "2026-01-15T09:30:00Z", "campaign_id": "c-1", "first_name": "{{Keep($"Firstname of {about}")}}",
         "email": "{{Keep($"lead.{about.Replace(' ', '.')}@prospect.example")}}", "reply_text": "{{Keep($"private words about {about}")}}"}
        """;

    private string Keep(string secret)
    {
        if (secret.Length > 0)
        {
            _secrets.Add(secret);
        }
        return secret;
    }

    private static bool OfOrganization(CollectedSpan span, TestEndpoint endpoint) =>
        span["salesbrain.organization.id"] == endpoint.OrganizationId.ToString();

    private static bool IsOf(CollectedSpan shared, CollectedSpan commit) =>
        shared.ParentId == commit.Id || shared.Linked.Contains(commit.Id);

    private static async Task<Guid> DeliverAsync(HostProcess host, TestEndpoint endpoint, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/webhooks/{endpoint.Source}/{endpoint.Token}");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in endpoint.Sign(body, TimeProvider.System.GetUtcNow()))
        {
            request.Headers.Add(name, value);
        }
        using var response = await host.Http.SendAsync(request);
        return (await response.DataAsync()).GetProperty("id").GetGuid();
    }

    /// <summary>Two instances on the database of this app, which export to one collector. This app only prepares and looks.</summary>
    public sealed class Instances : TestApp, IAsyncLifetime
    {
        internal OtlpCollector Collector { get; private set; } = null!;

        internal HostProcess First { get; private set; } = null!;

        internal HostProcess Second { get; private set; } = null!;

        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            Collector = await OtlpCollector.StartAsync();
            var settings = AllSettings.Concat(
                Collector.Settings().Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).ToList();
            var hosts = await Task.WhenAll(HostProcess.StartAsync(Database, settings), HostProcess.StartAsync(Database, settings));
            (First, Second) = (hosts[0], hosts[1]);
        }

        async ValueTask IAsyncDisposable.DisposeAsync()
        {
            await First.DisposeAsync();
            await Second.DisposeAsync();
            await Collector.DisposeAsync();
            await DisposeAsync();
        }
    }
}
