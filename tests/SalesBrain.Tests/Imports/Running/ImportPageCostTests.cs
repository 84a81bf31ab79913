using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SalesBrain.Data.Imports.Running;
using SalesBrain.Data.Sessions;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Running;

/// <summary>What a page costs in statements, counted by the server: the same, whatever the page's size.</summary>
[Collection(ImportApp.Collection)]
public sealed class ImportPageCostTests(ImportApp app)
{
    [Fact]
    public async Task Page_of_ten_and_page_of_a_thousand_cost_one_statement()
    {
        foreach (var size in new[] { 10, 1000 })
        {
            var organization = await app.CreateOrganizationAsync();
            await app.CreateJobAsync(organization, status: "running");
            var database = app.Services.GetRequiredService<SalesBrainDatabase>();
            var now = DateTime.UtcNow;
            var claim = (await RunningJobs.ClaimAsync(database, Guid.NewGuid(), 3, now, now.AddSeconds(60), CancellationToken.None))!;
            Assert.Equal(organization, claim.OrganizationId);
            var page = ImportWorld.Page([.. Enumerable.Range(0, size).Select(n => $"{n}")]);

            var statements = await app.StatementsAsync(async () =>
                Assert.Equal(
                    "completed",
                    (await RunningJobs.ApplyPageAsync(database, claim, page, now.AddSeconds(60), now, CancellationToken.None))?.Status));

            Assert.Contains("app.apply_import_page", Assert.Single(statements), StringComparison.Ordinal);
            Assert.Equal(size, await app.CountInAsync(organization, "lead"));
        }
    }

    /// <summary>The whole job as a worker runs it, with people that are new, and with the same people again, who are updated.</summary>
    [Fact]
    public async Task Job_sends_one_statement_for_each_page_and_none_for_a_person()
    {
        // Makes the keys that the first run on a database makes.
        await app.RunJobsAsync();
        var few = await RunAsync(people: 30, pageSize: 10);
        var many = await RunAsync(people: 1500, pageSize: 500);
        var pages = await RunAsync(people: 1500, pageSize: 250);

        Assert.Equal(3, few.Created.Count(IsPage));
        Assert.Equal(few.Created, many.Created);
        Assert.Equal(few.Updated, many.Updated);
        Assert.Equal(few.Created, few.Updated);
        // Three pages more are three statements more.
        Assert.Equal(6, pages.Created.Count(IsPage));
        Assert.Equal(
            few.Created,
            pages.Created.Except(pages.Created.Where(IsPage)).Concat(pages.Created.Where(IsPage).Skip(3)).Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Statistics do not know an organization that is new, and plans that trust them read all of its contacts and leads for each person.
    /// </summary>
    [Fact]
    public async Task Later_pages_of_a_new_organization_read_no_more_than_the_first()
    {
        var large = await app.CreateOrganizationAsync();
        await app.CreateImportedJobAsync(large, await app.CreateCampaignAsync(large), people: 3000);
        await app.ExecuteAsync("analyze app.contact; analyze app.lead; analyze app.import_job_row; analyze app.contact_external_id");
        await app.CreateJobAsync(await app.CreateOrganizationAsync(), status: "running");
        var now = DateTime.UtcNow;
        var claim = (await RunningJobs.ClaimAsync(
            app.Services.GetRequiredService<SalesBrainDatabase>(), Guid.NewGuid(), 3, now, now.AddMinutes(5), CancellationToken.None))!;
        // A session of its own, whose first five executions may each have a plan of their own.
        await using var connection = new NpgsqlConnection($"{app.Database.Platform};Pooling=false;Max Auto Prepare=0");
        await connection.OpenAsync();
        var blocks = new List<long> { await BlocksAsync() };
        for (var page = 1; page <= 5; page++)
        {
            await connection.ExecuteAsync("select p.status from app.apply_import_page(@Id, @Fence, @page::jsonb, @until, @now) p", new
            {
                claim.Id,
                claim.Fence,
                page = ImportWorld.Page(page < 5 ? $"{page}" : null, [.. Enumerable.Range(page * 300, 300).Select(n => $"n{n}")]),
                until = now.AddMinutes(5),
                now,
            });
            blocks.Add(await BlocksAsync());
        }

        Assert.Equal(("completed", 1500L), await app.JobAsync(claim.Id) is var done ? (done.Status, done.Created) : default);
        var each = blocks.Zip(blocks.Skip(1), (before, after) => after - before).ToList();
        Assert.All(each, page => Assert.InRange(page, 300, 2 * each[0]));
    }

    /// <summary>Blocks that the server has read for pages so far, from memory or disk.</summary>
    private async Task<long> BlocksAsync()
    {
        var database = new NpgsqlConnectionStringBuilder(app.Database.Owner).Database;
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(TestCluster.Current.SuperuserConnectionString) { Database = database, Pooling = false }.ConnectionString);
        await connection.ExecuteAsync("create extension if not exists pg_stat_statements");
        return (await StatementTexts.ReadAsync(connection)).Where(statement => IsPage(statement.Query)).Sum(statement => statement.Blocks);
    }

    private async Task<(List<string> Created, List<string> Updated)> RunAsync(int people, int pageSize)
    {
        var organization = await app.CreateOrganizationAsync();
        var campaign = await app.CreateCampaignAsync(organization);
        var company = "First";
        var source = await app.CreateSourceAsync(organization, (cursor, limit, stop) => TestSources.Pages(
            [.. Enumerable.Range(0, people).Select(n => TestSources.Person($"x{n}", $"p{n}@prospect.example", company: company))],
            pageSize)(cursor, limit, stop));
        var created = await RunAsync(expected: (people, 0));
        company = "Second";
        var updated = await RunAsync(expected: (0, people));
        return (created, updated);

        async Task<List<string>> RunAsync((int Created, int Updated) expected)
        {
            var job = await app.CreateJobAsync(
                organization, source, campaign, status: "running", parameters: """{"update_existing": true}""");
            var statements = await app.StatementsAsync(app.RunJobsAsync);
            var done = await app.JobAsync(job);
            Assert.Equal(("completed", expected.Created, expected.Updated), (done.Status, (int)done.Created, (int)done.Updated));
            // How often a worker looks for a further job depends on how long this one takes.
            Assert.Contains(statements, IsClaim);
            return [.. statements.Where(statement => !IsClaim(statement) && !IsOfTransaction(statement))];
        }
    }

    private static bool IsPage(string statement) => statement.Contains("app.apply_import_page", StringComparison.Ordinal);

    private static bool IsClaim(string statement) => statement.Contains("with busy as", StringComparison.Ordinal);

    /// <summary>Claims are in a transaction behind a lock; pages are statements of their own.</summary>
    private static bool IsOfTransaction(string statement) =>
        statement is "COMMIT" or "ROLLBACK" || statement.StartsWith("BEGIN", StringComparison.Ordinal)
            || statement.StartsWith("select pg_advisory_xact_lock(", StringComparison.Ordinal);
}
