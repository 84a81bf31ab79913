using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Running;

/// <summary>Hosts that are killed while jobs run.</summary>
public sealed class ImportCrashTests(LargeRunApp app) : IClassFixture<LargeRunApp>
{
    private const int Jobs = 20;
    private const int People = 300;
    private const int PageSize = 20;

    [Fact]
    public async Task Twenty_jobs_of_killed_hosts_end_with_exactly_the_people_of_their_sources()
    {
        LargeRun.Only();
        var requests = new ConcurrentBag<string>();
        await using var source = await StartSourceAsync(requests);
        KeyValuePair<string, string?>[] settings =
            [.. app.AllSettings, new("Sources:AllowLoopback", "true"), new("Imports:JobsPerInstance", "20")];
        var organizations = new List<Guid>();
        for (var i = 0; i < Jobs; i++)
        {
            var organization = await app.CreateOrganizationAsync();
            organizations.Add(organization);
            var id = await app.CreateSourceAsync(organization);
            var config = $$$"""
                {"base_url": "{{{source.Urls.Single()}}}/people/{{{i}}}", "items": "items", "fields": {"external_id": "id", "email": "email", "first_name": "name"},
                 "paging": {"kind": "page", "size": {{{PageSize}}}}}
                """;
            await app.ExecuteAsync("update app.data_source set config = @config::jsonb where id = @id", new { config, id });
            await app.CreateJobAsync(organization, id, status: "running");
        }

        for (var kill = 0; kill < 3; kill++)
        {
            var seen = requests.Count;
            await using var host = await HostProcess.StartAsync(app.Database, settings);
            using var fired = await host.Http.PostAsync("/admin/functions/RunImportJobs", null).WaitAsync(TimeSpan.FromSeconds(1))
                .ContinueWith(_ => default(HttpResponseMessage));
            for (var attempt = 0; attempt < 400 && requests.Count < seen + 60; attempt++)
            {
                await Task.Delay(25);
            }
            Assert.True(requests.Count >= seen + 60, string.Join('\n', host.Output));
            await host.KillAsync();
            // The leases of the dead host expire after a minute, which the test does not wait for.
            await app.ExecuteAsync("update app.import_job set lease_until = now() - interval '1 second' where lease_until is not null");
        }
        Assert.Contains(
            await app.QueryAsync<string>(
                "select status from app.import_job where organization_id = any (@organizations)", new { organizations }),
            status => status == "running");

        await using var last = await HostProcess.StartAsync(app.Database, settings);
        for (var attempt = 0; attempt < 1000 && await UnfinishedAsync(organizations) > 0; attempt++)
        {
            await Task.Delay(40);
        }

        var results = await app.QueryJsonAsync("""
            select j.status, j.created::int as created, j.processed::int as processed,
                (select count(*)::int from app.lead l where l.organization_id = j.organization_id) as leads,
                (select count(distinct k.email_norm)::int from app.contact k where k.organization_id = j.organization_id) as people,
                (select count(*)::int from app.contact k where k.organization_id = j.organization_id) as contacts
            from app.import_job j where j.organization_id = any (@organizations)
            """, new { organizations });
        Assert.Equal(Jobs, results.GetArrayLength());
        Assert.All(results.EnumerateArray(), result => result.AssertIncludes(
            new { status = "completed", created = People, processed = People, leads = People, people = People, contacts = People }));
    }

    private Task<int> UnfinishedAsync(List<Guid> organizations) => app.QuerySingleAsync<int>(
        "select count(*)::int from app.import_job where organization_id = any (@organizations) and status <> 'completed'",
        new { organizations });

    /// <summary>A REST source of made-up people, page by page.</summary>
    private static async Task<WebApplication> StartSourceAsync(ConcurrentBag<string> requests)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.MapGet("/people/{source:int}", async (int source, int page, CancellationToken cancellationToken) =>
        {
            requests.Add($"{source}/{page}");
            await Task.Delay(20, cancellationToken);
            return Results.Json(new
            {
                items = Enumerable.Range((page - 1) * PageSize, PageSize).Where(n => n < People)
                    .Select(n => new { id = $"{n}", email = $"p{n}@prospect.example", name = $"Name {n}" }),
            });
        });
        await server.StartAsync();
        return server;
    }
}
