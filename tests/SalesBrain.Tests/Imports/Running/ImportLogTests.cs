using System.Net;
using SalesBrain.Integrations;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Running;

/// <summary>What a job writes into its log, and whoever reads along.</summary>
[Collection(ImportApp.Collection)]
public sealed class ImportLogTests(ImportApp app)
{
    [Fact]
    public async Task Rows_with_problems_are_counted_and_logged_without_personal_data()
    {
        var organization = await app.CreateOrganizationAsync();
        var page = 0;
        var source = await app.CreateSourceAsync(organization, (_, _, _) => Task.FromResult(new SourcePage(
            [], ++page < 5 ? $"{page}" : null, null, [new(page, "jane@prospect.example", "email_invalid")])));
        var job = await app.CreateJobAsync(organization, source, status: "running");
        await app.RunJobsAsync();
        Assert.Equal((5, 0, 0, 0, 5), (await app.JobAsync(job)).Counts);
        var logs = await app.QueryAsync<string>("select message || data::text from app.import_job_log where job_id = @job", new { job });
        Assert.Contains(logs, line => line.Contains("email_invalid", StringComparison.Ordinal));
        Assert.DoesNotContain(logs, line => line.Contains("jane", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_reader_that_follows_the_numbers_misses_nothing_of_parallel_writers()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        using var client = app.As(owner);
        var source = await app.CreateSourceAsync(organization, async (cursor, _, stop) =>
        {
            await Task.Delay(2, stop);
            var page = int.Parse(cursor ?? "0");
            return new SourcePage([TestSources.Person($"{page}")], page < 60 ? $"{page + 1}" : null, null, [new(page + 1, null, "broken")]);
        });
        var job = await client.AddJobAsync(
            new { data_source_id = source, campaign_id = await app.CreateCampaignAsync(organization), start = true });

        // The worker writes its pages, and people their pauses.
        var controlling = ControlAsync(client, job);
        var seen = new List<long>();
        var after = 0L;
        for (var done = false; !done;)
        {
            var page = await client.GetDataAsync($"{ImportWorld.Jobs}/{job}/logs?after={after}&limit=7&wait=5");
            seen.AddRange(page.GetProperty("logs").EnumerateArray().Select(line => line.GetProperty("seq").GetInt64()));
            after = page.GetProperty("next_after").GetInt64();
            done = page.GetProperty("done").GetBoolean();
        }

        Assert.InRange(await controlling, 1, 60);
        Assert.Equal((await app.JobAsync(job)).LogSeq, seen.Count);
        Assert.Equal(seen.Select((_, i) => i + 1L), seen);
        var warnings = await client.GetDataAsync($"{ImportWorld.Jobs}/{job}/logs?level=warning&search=BROKEN&limit=1000");
        Assert.Equal(61, warnings.GetProperty("logs").GetArrayLength());
        Assert.All(warnings.GetProperty("logs").EnumerateArray(), line => Assert.Equal("warning", line.GetProperty("level").GetString()));
    }

    /// <summary>Pauses the job and resumes it at once, until it has ended; returns how often it was paused.</summary>
    private static async Task<int> ControlAsync(HttpClient client, Guid job)
    {
        var pauses = 0;
        while (pauses < 60)
        {
            if ((await client.ControlAsync(job, "pause")).Status != HttpStatusCode.OK)
            {
                break;
            }
            pauses++;
            await client.ControlAsync(job, "resume");
        }
        return pauses;
    }
}
