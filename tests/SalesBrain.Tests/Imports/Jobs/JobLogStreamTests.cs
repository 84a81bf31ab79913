using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Jobs;

public sealed class JobLogStreamTests(TestApp app)
{
    [Fact]
    public async Task Log_is_streamed_line_by_line_until_the_job_ends()
    {
        var owner = await app.CreateUserAsync("owner");
        var job = await app.CreateJobAsync(owner.OrganizationId!.Value, status: "running");
        using var client = app.As(owner);
        await WriteAsync(job, "First line");
        using var response = await AskAsync(client, job);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("First line", (await NextAsync(reader)).Data.GetProperty("message").GetString());

        await WriteAsync(job, "Second line");
        var second = await NextAsync(reader);
        await app.ExecuteAsync("update app.import_job set status = 'completed', updated_at = now() where id = @job", new { job });
        var (third, done) = (await NextAsync(reader), await NextAsync(reader));

        Assert.Equal(("log", "Second line"), (second.Event, second.Data.GetProperty("message").GetString()));
        Assert.Equal($"{second.Data.GetProperty("seq")}", second.Id);
        Assert.Equal("The job is completed.", third.Data.GetProperty("message").GetString());
        Assert.Equal(("done", null, "completed"), (done.Event, done.Id, done.Data.GetProperty("status").GetString()));
        Assert.Equal("", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        using var resumed = await AskAsync(client, job, second.Id);
        using var rest = new StreamReader(await resumed.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal(third.Id, (await NextAsync(rest)).Id);
        // EventSource does not come back.
        using var nothing = await AskAsync(client, job, third.Id);
        Assert.Equal(HttpStatusCode.NoContent, nothing.StatusCode);
    }

    [Fact]
    public async Task Log_of_another_agency_is_not_there()
    {
        var owner = await app.CreateUserAsync("owner");
        var job = await app.CreateJobAsync(owner.OrganizationId!.Value, agencyId: await app.CreateAgencyAsync(owner.OrganizationId.Value));
        using var client = app.As(await app.CreateUserAsync("agency_admin", owner.OrganizationId));

        using var response = await AskAsync(client, job);

        await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Signed_out_user_opens_no_stream_although_reads_trust_the_session_for_a_minute()
    {
        var owner = await app.CreateUserAsync("owner");
        var job = await app.CreateJobAsync(owner.OrganizationId!.Value, status: "running");
        using var client = app.As(owner);
        using var before = await client.GetAsync($"/api/v1/jobs/{job}/logs");
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        // As another instance signs out.
        await app.ExecuteAsync("update app.refresh_token set revoked_at = now() where user_id = @Id", owner);

        using var response = await AskAsync(client, job);

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    /// <summary>A line as a worker writes it: with the page that it is about.</summary>
    private Task WriteAsync(Guid job, string message) => app.ExecuteAsync("""
        with counted as (
            update app.import_job set log_seq = log_seq + 1, processed = processed + 1, created = created + 1 where id = @job
            returning organization_id, id, log_seq)
        insert into app.import_job_log (organization_id, job_id, seq, at, level, message) select organization_id, id, log_seq, now(), 'info', @message from counted
        """, new { job, message });

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, Guid job, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/jobs/{job}/logs");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<(string? Id, string? Event, JsonElement Data)> NextAsync(StreamReader reader)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!lines.ContainsKey("data"))
        {
            lines.Clear();
            while (await reader.ReadLineAsync(limit.Token) is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                lines.Add(line[..colon], line[(colon + 1)..].Trim());
            }
        }
        return (lines.GetValueOrDefault("id"), lines.GetValueOrDefault("event"), JsonElement.Parse(lines["data"]));
    }
}
