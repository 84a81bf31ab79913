using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Files;

/// <summary>Uploading files, testing sources, and importing a file in one request.</summary>
public sealed class FileUploadTests(SourcesApp app) : IClassFixture<SourcesApp>
{
    private const string People = "Vorname;Nachname;E-Mail;Firma\r\nJörg;Müßig;joerg@prospect.example;Alder\r\nZoé;Le "
        + "Fort;broken;Birch\r\n";

    [Fact]
    public async Task Uploaded_file_is_described_and_read_by_new_jobs()
    {
        var (owner, client, source) = await SourceAsync();
        using var response = await UploadAsync(client, source, Encoding.Latin1.GetBytes(People), name: "C:\\Users\\ann\\Leute.csv");
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var file = await response.DataAsync();

        file.AssertIncludes(new
        {
            data_source_id = source,
            name = "Leute.csv",
            delimiter = ";",
            encoding = "windows-1252",
            rows = 2,
            readable_rows = 1,
            broken_rows = 1,
            is_usable = true,
            headers = new[] { "Vorname", "Nachname", "E-Mail", "Firma" },
            problems = new[] { new { line = 3, column = "E-Mail", code = "email_invalid" } },
        });
        Assert.Equal("email", file.GetProperty("mapping").GetProperty("E-Mail").GetString());
        Assert.Equal("Jörg", file.GetProperty("sample")[0].GetProperty("cells")[0].GetString());
        var stored = await app.QuerySingleJsonAsync("""
            select s.file_id, s.status, f.name, f.rows, f.created_by from app.data_source s join app.data_source_file f on f.id = s.file_id where s.id = @source
            """, new { source });
        stored.AssertIncludes(
            new { file_id = file.GetProperty("id").GetGuid(), status = "untested", name = "Leute.csv", rows = 2, created_by = owner.Id });

        using var tested = await client.PostAsync($"{ImportWorld.Sources}/{source}/test", null);
        (await tested.DataAsync()).AssertIncludes(new { ok = true, code = "ok" });
        var campaign = await app.CreateCampaignAsync(owner.OrganizationId!.Value, "c");
        var job = await client.AddJobAsync(new { data_source_id = source, campaign_id = campaign });
        Assert.Equal(
            file.GetProperty("id").GetGuid(),
            await app.QuerySingleAsync<Guid>("select file_id from app.import_job where id = @job", new { job }));
    }

    [Fact]
    public async Task Upload_that_is_no_form_or_no_file_is_refused()
    {
        var (_, client, source) = await SourceAsync();
        var url = $"{ImportWorld.Sources}/{source}/files";
        using (var json = await client.PostTextAsync(url, "{}"))
        {
            await json.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        }
        foreach (var (body, type, status, code) in new[]
        {
            ("x", "multipart/form-data", HttpStatusCode.UnsupportedMediaType, "unsupported_media_type"),
            ("x", "multipart/form-data; boundary=b", HttpStatusCode.UnprocessableEntity, "invalid"),
            ("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nemail\nann@", "multipart/form-data; boundary=b", HttpStatusCode.UnprocessableEntity, "invalid"),
            ("--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b", HttpStatusCode.UnprocessableEntity, "invalid"),
            ("--b\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b", HttpStatusCode.UnprocessableEntity, "invalid"),
        })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body))
            {
                Headers = { ContentType = MediaTypeHeaderValue.Parse(type) },
            };
            using var response = await client.PostAsync(url, content);
            await response.ProblemAsync(status, code);
        }
        using (var binary = await UploadAsync(client, source, [0x89, 0x50, 0x4E, 0x47, 0, 0, 0, 13]))
        {
            await binary.ProblemAsync(HttpStatusCode.UnprocessableEntity, "file_refused");
        }
        using (var wrongMapping = await UploadAsync(client, source, "email\n"u8.ToArray(), ("mapping", """{"email": "age"}""")))
        {
            var problem = await wrongMapping.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
            Assert.True(problem.GetProperty("errors").TryGetProperty("mapping.email", out _));
        }
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.data_source_file where data_source_id = @source", new { source }));
    }

    [Fact]
    public async Task File_of_more_than_50_MiB_is_refused_and_one_of_40_is_taken()
    {
        var (_, client, source) = await SourceAsync();
        var line = Encoding.ASCII.GetBytes($"person@prospect.example,{new string('x', 976)}\n");
        byte[] OfMegabytes(int count) => [.. "email,note\n"u8, .. Enumerable.Repeat(line, count * 1048).SelectMany(bytes => bytes)];

        // The servers take 30 MB by default.
        using var taken = await UploadAsync(client, source, OfMegabytes(40));
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        using var refused = await UploadAsync(client, source, OfMegabytes(51));
        await refused.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
    }

    [Fact]
    public async Task Only_those_who_may_change_a_source_upload_to_it()
    {
        var (owner, _, source) = await SourceAsync();
        var agency = await app.CreateAgencyAsync(owner.OrganizationId!.Value);
        using var agent = app.As(await app.CreateUserAsync("agency_admin", owner.OrganizationId, agency));
        using var member = app.As(await app.CreateUserAsync("member", owner.OrganizationId));
        using var stranger = app.As(await app.CreateUserAsync("owner"));

        foreach (var (client, status) in new[] { (agent, HttpStatusCode.Forbidden), (member, HttpStatusCode.Forbidden), (stranger, HttpStatusCode.NotFound) })
        {
            using var response = await UploadAsync(client, source, "email\n"u8.ToArray());
            Assert.Equal(status, response.StatusCode);
        }
        var api = await app.CreateSourceAsync(owner.OrganizationId.Value);
        using var wrongType = await UploadAsync(app.As(owner), api, "email\n"u8.ToArray());
        await wrongType.ProblemAsync(HttpStatusCode.UnprocessableEntity, "file_refused");
    }

    [Fact]
    public async Task Import_makes_a_source_and_a_running_job_and_a_dry_run_makes_nothing()
    {
        var owner = await app.CreateUserAsync("owner");
        var campaign = await app.CreateCampaignAsync(owner.OrganizationId!.Value, "c");
        using var client = app.As(owner);
        Task<HttpResponseMessage> ImportAsync(params (string, string)[] fields) =>
            PostAsync(client, "/api/v1/leads/import", Encoding.UTF8.GetBytes(People), "people.csv", fields);

        using (var dry = await ImportAsync(("campaignId", campaign.ToString()), ("dry_run", "true")))
        {
            Assert.Equal(HttpStatusCode.OK, dry.StatusCode);
            (await dry.DataAsync()).AssertIncludes(new { rows = 2, readable_rows = 1, broken_rows = 1, encoding = "utf-8" });
        }
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.data_source where organization_id = @OrganizationId", new { owner.OrganizationId }));

        using var started = await ImportAsync(("campaign_id", campaign.ToString()), ("update_existing", "true"));
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var job = await started.DataAsync();
        job.AssertIncludes(new { name = "people.csv", campaign_id = campaign, data_source_type = "csv" });
        Assert.True(job.GetProperty("parameters").GetProperty("update_existing").GetBoolean());
        Assert.NotEqual("pending", job.GetProperty("status").GetString());

        foreach (var (fields, member) in new[]
        {
            (Array.Empty<(string, string)>(), "campaign_id"),
            ([("campaign_id", Guid.NewGuid().ToString())], "campaign_id"),
            ([("campaign_id", "x")], "campaign_id"),
            ([("campaign_id", campaign.ToString()), ("dry_run", "")], "dry_run"),
            ([("campaign_id", campaign.ToString()), ("mapping", "[]")], "mapping"),
            ([("campaign_id", campaign.ToString()), ("dryrun", "true")], "dryrun"),
        })
        {
            using var refused = await ImportAsync(fields);
            var problem = await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
            Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _), member);
        }
    }

    [Fact]
    public async Task Test_result_is_stored_and_a_refusal_is_a_result()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        foreach (var (key, ok, code, status) in new[] { ("sandbox-key-0123456789", true, "ok", "active"), ("sandbox-signedout-012345", false, "invalid_credentials", "error") })
        {
            using var created = await client.PostAsync(
                ImportWorld.Sources, new { name = "Apollo", type = "apollo", credentials = new { api_key = key } });
            var id = (await created.DataAsync()).GetProperty("id").GetGuid();

            using var response = await client.PostAsync($"{ImportWorld.Sources}/{id}/test", null);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var test = await response.DataAsync();
            test.AssertIncludes(new { ok, code });
            Assert.Equal(ok, test.GetProperty("quota").ValueKind == JsonValueKind.Object);
            (await client.GetDataAsync($"{ImportWorld.Sources}/{id}")).AssertIncludes(new { status, last_test = new { ok, code } });
        }
    }

    [Fact]
    public async Task Source_is_tested_at_most_six_times_a_minute()
    {
        var (_, client, source) = await SourceAsync();
        var url = $"{ImportWorld.Sources}/{source}/test";
        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.PostAsync(url, null)));

        Assert.Equal(6, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
        var refused = responses.First(response => response.StatusCode != HttpStatusCode.OK);
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_tests");
        Assert.Equal(60, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        app.Time.Advance(TimeSpan.FromSeconds(61));
        using var later = await client.PostAsync(url, null);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task File_is_deleted_30_days_after_its_last_job_and_not_while_one_is_paused()
    {
        var (owner, client, source) = await SourceAsync();
        var files = new List<Guid>();
        foreach (var status in new[] { null, "completed", "paused" })
        {
            var name = status is null ? source : await app.CreateSourceAsync(owner.OrganizationId!.Value, type: "csv");
            using var response = await UploadAsync(client, name, Encoding.UTF8.GetBytes(People));
            files.Add((await response.DataAsync()).GetProperty("id").GetGuid());
            if (status is not null)
            {
                var job = await app.CreateJobAsync(
                    owner.OrganizationId!.Value, name, status: status == "paused" ? "paused" : "pending", createdBy: owner.Id);
                await app.ExecuteAsync("update app.import_job set file_id = @file where id = @job", new { job, file = files[^1] });
            }
        }
        async Task<int> RunAsync()
        {
            await app.Services.GetRequiredService<TimerRunner>().RunAsync("DeleteExpiredFiles", TestContext.Current.CancellationToken);
            return await app.QuerySingleAsync<int>(
                "select count(*)::int from app.data_source_file where id = any (@files) and deleted_at is not null",
                new { files = files.ToArray() });
        }
        app.Time.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, await RunAsync());
        app.Time.Advance(TimeSpan.FromDays(2));

        Assert.Equal(2, await RunAsync());

        var left = app.Folder.GetFiles("*.csv", SearchOption.AllDirectories).Select(file => file.Name).ToList();
        Assert.DoesNotContain($"{files[0]:N}.csv", left);
        Assert.Contains($"{files[2]:N}.csv", left);
        Assert.Null(await app.QuerySingleAsync<Guid?>("select file_id from app.data_source where id = @source", new { source }));
    }

    private async Task<(TestUser Owner, HttpClient Client, Guid Source)> SourceAsync()
    {
        var owner = await app.CreateUserAsync("owner");
        return (owner, app.As(owner), await app.CreateSourceAsync(owner.OrganizationId!.Value, type: "csv"));
    }

    private static Task<HttpResponseMessage> UploadAsync(
        HttpClient client, Guid source, byte[] content, params (string, string)[] fields) =>
        UploadAsync(client, source, content, "people.csv", fields);

    private static Task<HttpResponseMessage> UploadAsync(
        HttpClient client, Guid source, byte[] content, string name, params (string, string)[] fields) =>
        PostAsync(client, $"{ImportWorld.Sources}/{source}/files", content, name, fields);

    private static Task<HttpResponseMessage> PostAsync(
        HttpClient client, string url, byte[] content, string name, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (field, value) in fields)
        {
            form.Add(new StringContent(value), field);
        }
        form.Add(new ByteArrayContent(content), "file", name);
        return client.PostAsync(url, form);
    }
}
