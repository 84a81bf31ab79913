using System.Net;
using System.Text.Json;

namespace SalesBrain.Tests.App;

/// <summary>Jobs that have imported people, and undoing them.</summary>
public static class UndoWorld
{
    /// <summary>
    /// A job that has ended and created a number of contacts and leads, as app.apply_import_page leaves them, in one statement. Their
    /// addresses are <c>p1@prospect.example</c> and so on.
    /// </summary>
    public static async Task<Guid> CreateImportedJobAsync(
        this TestApp app, Guid organizationId, Guid campaignId, int people, string status = "completed")
    {
        var job = await app.CreateJobAsync(organizationId, campaignId: campaignId, status: status);
        await app.ExecuteAsync("""
            insert into app.contact (id, organization_id, email, email_norm, created_at, updated_at)
            select md5('contact ' || @job || n)::uuid, @organizationId, format('p%s@prospect.example', n), format('p%s@prospect.example', n), now(), now()
            from generate_series(1, @people) n;
            insert into app.contact_external_id (organization_id, source, external_id, contact_id, created_at)
            select j.organization_id, 'api:' || j.data_source_id, 'x' || n, md5('contact ' || @job || n)::uuid, now()
            from app.import_job j, generate_series(1, @people) n where j.id = @job;
            insert into app.lead (id, organization_id, contact_id, campaign_id, source, score)
            select md5('lead ' || @job || n)::uuid, @organizationId, md5('contact ' || @job || n)::uuid, @campaignId, 'api', 32
            from generate_series(1, @people) n;
            insert into app.import_job_row (organization_id, job_id, lead_id, contact_id, contact_created, lead_created, contact_version, lead_version, at)
            select @organizationId, @job, md5('lead ' || @job || n)::uuid, md5('contact ' || @job || n)::uuid, true, true, 1, 1, now()
            from generate_series(1, @people) n;
            update app.import_job set processed = @people, created = @people, total = @people, completed_at = now(), failed_at = now() where id = @job;
            update app.data_source s set leads_created = @people from app.import_job j where j.id = @job and s.id = j.data_source_id;
            """, new { job, organizationId, campaignId, people });
        return job;
    }

    /// <summary>The leads and contacts of such a job by their numbers, which begin with 1.</summary>
    public static async Task<(Guid[] Leads, Guid[] Contacts)> ImportedAsync(this TestApp app, Guid jobId, int people) => (
        [.. await app.QueryAsync<Guid>("select md5('lead ' || @jobId || n)::uuid from generate_series(0, @people) n", new { jobId, people })],
        [.. await app.QueryAsync<Guid>("select md5('contact ' || @jobId || n)::uuid from generate_series(0, @people) n", new { jobId, people })]);

    /// <summary>Undoes a job until it is complete; returns the last response.</summary>
    public static async Task<JsonElement> UndoAsync(this HttpClient client, Guid jobId, bool dryRun = false)
    {
        for (var call = 0; call < 20; call++)
        {
            using var response = await client.PostAsync($"{ImportWorld.Jobs}/{jobId}/undo", new { dry_run = dryRun });
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var data = await response.DataAsync();
            if (data.GetProperty("complete").GetBoolean())
            {
                return data;
            }
        }
        throw new InvalidOperationException("The job is still not undone.");
    }

    /// <summary>The items of a response: the code of each, by entity and id.</summary>
    public static Dictionary<string, string> Items(this JsonElement undone) => undone.GetProperty("items").EnumerateArray().ToDictionary(
        item => $"{item.GetProperty("entity").GetString()} {item.GetProperty("id").GetString()}",
        item => item.GetProperty("code").GetString()!);

    /// <summary>How many rows of a job are undone.</summary>
    public static Task<long> ReversedAsync(this TestApp app, Guid job) =>
        app.QuerySingleAsync<long>("select undo_reversed from app.import_job where id = @job", new { job });

    /// <summary>
    /// Everything that is counted in an organization, or that contacts and leads leave behind, as text. Folds what is not added up yet.
    /// </summary>
    public static async Task<string> TracesAsync(this TestApp app, Guid organizationId)
    {
        await app.ExecuteAsync("select app.fold_tally_changes(100000); select app.fold_analytics(100000)");
        return (await app.QuerySingleJsonAsync("""
            select
                (select count(*) from app.contact t where t.organization_id = @organizationId) as contacts,
                (select count(*) from app.lead t where t.organization_id = @organizationId) as leads,
                (select count(*) from app.lead_recency t where t.organization_id = @organizationId) as recency,
                (select count(*) from app.lead_status_change t where t.organization_id = @organizationId) as status_changes,
                (select count(*) from app.contact_external_id t where t.organization_id = @organizationId) as external_ids,
                (select count(*) from app.assignment_queue t where t.organization_id = @organizationId) as waiting,
                (select count(*) from app.user_contact_assignment t where t.organization_id = @organizationId) as assignments,
                (select count(*) from app.activity t where t.organization_id = @organizationId) as activities,
                (select coalesce(sum(t.leads), 0) from app.campaign_counter t where t.organization_id = @organizationId) as counted,
                (select coalesce(sum(t.contacts), 0) from app.organization_tally t where t.organization_id = @organizationId) as tallied_contacts,
                (select coalesce(sum(t.leads_new), 0) from app.organization_tally t where t.organization_id = @organizationId) as tallied_leads,
                (select coalesce(jsonb_agg(to_jsonb(t) order by t::text), '[]')::text from app.analytics_day t where t.organization_id = @organizationId) as days,
                (select coalesce(jsonb_agg(to_jsonb(t) order by t::text), '[]')::text from app.analytics_group t where t.organization_id = @organizationId) as groups,
                (select count(*) from app.analytics_lead t where t.organization_id = @organizationId) as analysed,
                (select coalesce(sum(t.leads_created), 0) from app.data_source t where t.organization_id = @organizationId) as source_created,
                (select coalesce(sum(t.leads_updated), 0) from app.data_source t where t.organization_id = @organizationId) as source_updated
            """, new { organizationId })).GetRawText();
    }
}
