using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Data.Webhooks.Processing;
using SalesBrain.Integrations;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Undo;

/// <summary>When a job can be undone, and what happens meanwhile.</summary>
[Collection(ImportApp.Collection)]
public sealed class UndoStateTests(ImportApp app)
{
    [Theory]
    [InlineData("pending")]
    [InlineData("running")]
    [InlineData("paused")]
    public async Task Job_that_has_not_ended_is_not_undone(string status)
    {
        var owner = await app.CreateUserAsync("owner");
        var job = await app.CreateJobAsync(owner.OrganizationId!.Value, status: status);
        await app.ExecuteAsync("update app.import_job set next_run_at = now() + interval '1 hour' where id = @job", new { job });
        using var client = app.As(owner);
        foreach (var dryRun in new[] { true, false })
        {
            using var response = await client.PostAsync($"{ImportWorld.Jobs}/{job}/undo", new { dry_run = dryRun });
            var problem = await response.ProblemAsync(HttpStatusCode.Conflict, "import_job_state");
            Assert.Contains(status, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        await app.ExecuteAsync("update app.import_job set status = 'cancelled' where id = @job", new { job });
    }

    [Fact]
    public async Task Job_that_ended_more_than_30_days_ago_is_not_undone()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var job = await app.CreateImportedJobAsync(organization, await app.CreateCampaignAsync(organization), 3);
        await app.ExecuteAsync("update app.import_job set completed_at = now() - interval '30 days 1 minute' where id = @job", new { job });
        using var client = app.As(owner);
        using var response = await client.PostAsync($"{ImportWorld.Jobs}/{job}/undo", new { });
        await response.ProblemAsync(HttpStatusCode.Conflict, "import_job_undo_expired");
        Assert.Equal(3, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.lead where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task Parallel_undo_calls_and_a_retry_end_in_one_state()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        using var client = app.As(owner);
        for (var round = 0; round < 5; round++)
        {
            await app.ExecuteAsync(
                "delete from app.lead where organization_id = @organization; delete from app.contact where organization_id = @organization",
                new { organization });
            var job = await app.CreateImportedJobAsync(organization, await app.CreateCampaignAsync(organization), 20, "failed");
            var answered = new TaskCompletionSource();
            TestSources.Describe(await app.QuerySingleAsync<Guid>("select data_source_id from app.import_job where id = @job", new { job }), async (_, _, _) =>
            {
                // A retried job is still running when the calls are answered.
                await answered.Task;
                return new SourcePage([], null, 0, []);
            });

            var answers = await Task.WhenAll(
                client.ControlAsync(job, "undo"), client.ControlAsync(job, "retry"), client.ControlAsync(job, "undo"));

            answered.SetResult();
            var left = await app.QuerySingleAsync<int>(
                "select count(*)::int from app.lead where organization_id = @organization", new { organization });
            if (answers[1].Status == HttpStatusCode.OK)
            {
                Assert.All([answers[0], answers[2]], answer => Assert.Equal(HttpStatusCode.Conflict, answer.Status));
                Assert.Equal(20, left);
                // As the timer does: a signal while another job ends may be lost.
                await app.RunJobsAsync();
                await app.WaitForAsync(job, "completed", "failed");
            }
            else
            {
                Assert.Equal(HttpStatusCode.Conflict, answers[1].Status);
                Assert.All(
                    [answers[0], answers[2]],
                    answer => answer.Body.GetProperty("data").AssertIncludes(new { reversed = 20, contacts = 20, complete = true }));
                Assert.Equal(0, left);
                Assert.Single(await app.AuditOfAsync(job), row => row.Action == "import_job.undo");
                Assert.Equal(HttpStatusCode.Conflict, (await client.ControlAsync(job, "retry")).Status);
            }
        }
    }

    [Fact]
    public async Task Webhooks_and_edits_meanwhile_are_not_lost()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var campaign = await app.CreateCampaignAsync(organization, "Campaign", "c-1");
        var job = await app.CreateImportedJobAsync(organization, campaign, 200);
        for (var n = 1; n <= 60; n++)
        {
            await app.CreateWebhookLogAsync(organization, "pending", eventType: "email.replied", dueAt: DateTime.UtcNow.AddSeconds(-1), body:
                $$"""{"event_type": "reply_received", "timestamp": "2026-01-15T09:30:00Z", "lead_email": "p{{n}}@prospect.example", "campaign_id": "c-1"}""");
        }
        var processor = app.Services.GetRequiredService<WebhookProcessor>();
        using var client = app.As(owner);
        var (leads, _) = await app.ImportedAsync(job, 200);
        var edits = new List<(Guid Lead, HttpStatusCode Status)>();

        await Task.WhenAll(
            client.UndoAsync(job),
            Task.Run(async () =>
            {
                while (await processor.ProcessBatchAsync(CancellationToken.None) > 0)
                {
                    // Until nothing is due.
                }
            }),
            Task.Run(async () =>
            {
                for (var n = 100; n < 140; n++)
                {
                    using var response = await client.SendAsync(HttpMethod.Put, $"/api/v1/leads/{leads[n]}", """{"priority": "high"}""");
                    edits.Add((leads[n], response.StatusCode));
                }
            }));

        Assert.All(edits, edit => Assert.True(edit.Status is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{edit.Status}"));
        foreach (var (lead, status) in edits)
        {
            Assert.Equal(
                status == HttpStatusCode.OK ? 1 : 0,
                await app.QuerySingleAsync<int>("select count(*)::int from app.lead where id = @lead", new { lead }));
        }
        Assert.Equal(60, await app.QuerySingleAsync<int>("""
            select count(*)::int from app.webhook_log w
            join app.contact k on k.id = w.contact_id
            join app.lead l on l.contact_id = k.id and l.campaign_id = @campaign and l.replied_count = 1 and l.status = 'responded'
            where w.organization_id = @organization and w.status = 'processed'
            """, new { organization, campaign }));
        Assert.Equal(
            await app.QuerySingleAsync<int>("select count(*)::int from app.lead where campaign_id = @campaign", new { campaign }),
            await app.QuerySingleAsync<int>(
                "select sum(leads)::int from app.campaign_counter where campaign_id = @campaign", new { campaign }));
    }
}
