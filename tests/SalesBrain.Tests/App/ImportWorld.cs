using System.Net;
using System.Text.Json;

namespace SalesBrain.Tests.App;

/// <summary>Data sources and import jobs, made straight in the database, and calls about them.</summary>
public static class ImportWorld
{
    public const string Sources = "/api/v1/data-sources";
    public const string Jobs = "/api/v1/jobs";

    /// <summary>An active source that needs no credentials. What it returns says <see cref="TestSources.Describe"/>.</summary>
    public static async Task<Guid> CreateSourceAsync(
        this TestApp app, Guid organizationId, Guid? agencyId = null, string type = "api", string? name = null,
        int? requestsPerMinute = null, string status = "active")
    {
        var id = Guid.CreateVersion7();
        await app.ExecuteAsync("""
            insert into app.data_source (id, organization_id, agency_id, name, type, status, requests_per_minute, file_id)
            values (@id, @organizationId, @agencyId, @name, @type, @status, @requestsPerMinute, case when @type = 'csv' then gen_random_uuid() end)
            """, new { id, organizationId, agencyId, name = name ?? $"Source {id.ToString("N")[^6..]}", type, status, requestsPerMinute });
        return id;
    }

    /// <summary>An active source that returns what it is told to.</summary>
    public static async Task<Guid> CreateSourceAsync(this TestApp app, Guid organizationId, TestSources.Fetch fetch)
    {
        var source = await app.CreateSourceAsync(organizationId);
        TestSources.Describe(source, fetch);
        return source;
    }

    /// <summary>
    /// A job in a status, as if it had become so; a source of its own unless one is given. Workers leave one alone that is not due.
    /// </summary>
    public static async Task<Guid> CreateJobAsync(
        this TestApp app, Guid organizationId, Guid? sourceId = null, Guid? campaignId = null, Guid? agencyId = null,
        string status = "pending", Guid? createdBy = null, string parameters = "{}", bool isDue = true)
    {
        var id = Guid.CreateVersion7();
        var now = (app.Clock ?? TimeProvider.System).GetUtcNow().UtcDateTime;
        await app.ExecuteAsync("""
            insert into app.import_job (
                id, organization_id, data_source_id, campaign_id, agency_id, name, parameters, status, created_by, changed_by, created_at, updated_at, paused_at,
                waiting_since, next_run_at)
            values (
                @id, @organizationId, @sourceId, @campaignId, @agencyId, 'Import', @parameters::jsonb, @status, @createdBy, @createdBy, @now, @now,
                case @status when 'paused' then @now end, case @status when 'running' then @now end,
                case when not @isDue then @now + interval '1 hour' end)
            """, new
        {
            id,
            organizationId,
            sourceId = sourceId ?? await app.CreateSourceAsync(organizationId, agencyId),
            campaignId = campaignId
                ?? await app.CreateCampaignAsync(organizationId, $"Campaign {id.ToString("N")[^6..]}", agencyId: agencyId),
            agencyId,
            status,
            createdBy,
            parameters,
            now,
            isDue,
        });
        return id;
    }

    /// <summary>A job as it is in the database.</summary>
    public static Task<ImportedJob> JobAsync(this TestApp app, Guid jobId) => app.QuerySingleAsync<ImportedJob>("""
        select status, requested, processed, created, updated, skipped, failed, attempt, error_code, next_run_at, lease_until, log_seq
        from app.import_job where id = @jobId
        """, new { jobId });

    /// <summary>How many rows of a table an organization has.</summary>
    public static Task<int> CountInAsync(this TestApp app, Guid organizationId, string table) =>
        app.QuerySingleAsync<int>($"select count(*)::int from app.{table} where organization_id = @organizationId", new { organizationId });

    /// <summary>The last page of a source, of people with these ids and profiles, as app.apply_import_page takes it.</summary>
    public static string Page(params string[] ids) => Page(null, ids);

    /// <summary>A page of people with these ids; the next one begins at the cursor.</summary>
    public static string Page(string? nextCursor, string[] ids, string idSource = "apollo") => JsonSerializer.Serialize(new
    {
        people = ids.Select((id, n) => new { number = n, leader = n, new_contact_id = Guid.NewGuid(), new_lead_id = Guid.NewGuid(), external_id = id, linkedin_url = $"https://linkedin.com/in/{id}" }),
        next_cursor = nextCursor,
        credits = 0,
        worked_ms = 1,
        failed = 0,
        last_problem_line = 0,
        lines = Array.Empty<object>(),
        id_source = idSource,
        source = "apollo",
        source_info = new { },
        update_existing = false,
    });

    /// <summary>The statuses that a job has had, oldest first.</summary>
    public static async Task<string[]> HistoryAsync(this TestApp app, Guid jobId) =>
        [.. await app.QueryAsync<string>("select status from app.import_job_state where job_id = @jobId order by number", new { jobId })];

    /// <summary>Asks for a change of a job; returns the status code and the job or problem.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Body)> ControlAsync(this HttpClient client, Guid jobId, string verb)
    {
        using var response = await client.PostAsync($"{Jobs}/{jobId}/{verb}", null);
        return (response.StatusCode, await response.JsonAsync());
    }

    /// <summary>Creates a job through the API; returns its id.</summary>
    public static async Task<Guid> AddJobAsync<T>(this HttpClient client, T body)
    {
        using var response = await client.PostAsync(Jobs, body);
        return (await response.DataAsync()).GetProperty("id").GetGuid();
    }
}

/// <summary>A job as it is in the database.</summary>
public sealed record ImportedJob
{
    public string Status { get; init; } = "";
    public string? Requested { get; init; }
    public long Processed { get; init; }
    public long Created { get; init; }
    public long Updated { get; init; }
    public long Skipped { get; init; }
    public long Failed { get; init; }
    public int Attempt { get; init; }
    public string? ErrorCode { get; init; }
    public DateTime? NextRunAt { get; init; }
    public DateTime? LeaseUntil { get; init; }
    public long LogSeq { get; init; }

    public (int Processed, int Created, int Updated, int Skipped, int Failed) Counts =>
        ((int)Processed, (int)Created, (int)Updated, (int)Skipped, (int)Failed);
}
