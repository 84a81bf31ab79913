using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Access;

/// <summary>Calls about data sources and import jobs.</summary>
internal static class ImportTrials
{
    internal static Dictionary<string, Func<TestApp, Place, Task<Trial>>> All { get; } = new()
    {
        ["ListDataSources"] = async (app, place) =>
            Trial.List(
                $"{ImportWorld.Sources}?organization_id={place.OrganizationId}&page_size=200&sort_by=created_at&sort_order=desc",
                await SourceAsync(app, place)),
        ["GetDataSource"] = async (app, place) => Trial.Get(ImportWorld.Sources, await SourceAsync(app, place)),
        ["CreateDataSource"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Post, ImportWorld.Sources, NewSource(place))),
        ["CreateDataSourceAlias"] = (_, place) =>
            Task.FromResult(new Trial(HttpMethod.Post, $"{ImportWorld.Sources}/create", NewSource(place))),
        ["UpdateDataSource"] = async (app, place) =>
            Trial.About(HttpMethod.Put, ImportWorld.Sources, await SourceAsync(app, place), body: new { requests_per_minute = 60 }),
        ["DeleteDataSource"] = async (app, place) => Trial.About(HttpMethod.Delete, ImportWorld.Sources, await SourceAsync(app, place)),
        ["TestDataSource"] = async (app, place) =>
            Trial.About(HttpMethod.Post, ImportWorld.Sources, await SourceAsync(app, place), "/test"),
        ["UploadSourceFile"] = async (app, place) =>
            Trial.About(HttpMethod.Post, ImportWorld.Sources, await app.CreateSourceAsync(place.OrganizationId, place.AgencyId, type: "csv"), "/files") with { Raw = Trial.Upload() },
        ["ImportLeads"] = async (app, place) => new Trial(HttpMethod.Post, "/api/v1/leads/import")
        {
            Raw = Trial.Upload(("campaign_id", (await CrmTrials.CampaignAsync(app, place)).ToString())),
        },
        ["ListSourceJobs"] = async (app, place) =>
        {
            var source = await SourceAsync(app, place);
            return Trial.About(HttpMethod.Get, ImportWorld.Sources, source, "/jobs") with
            {
                Shows = await app.CreateJobAsync(place.OrganizationId, source, agencyId: place.AgencyId),
            };
        },

        ["ListJobs"] = async (app, place) =>
            Trial.List($"{ImportWorld.Jobs}?organization_id={place.OrganizationId}&page_size=200", await JobAsync(app, place, "pending")),
        ["GetJob"] = async (app, place) => Trial.Get(ImportWorld.Jobs, await JobAsync(app, place, "pending")),
        ["ListJobLogs"] = async (app, place) =>
            Trial.About(HttpMethod.Get, ImportWorld.Jobs, await JobAsync(app, place, "completed"), "/logs"),
        ["CreateJob"] = async (app, place) => new Trial(HttpMethod.Post, ImportWorld.Jobs, await NewJobAsync(app, place)),
        ["CreateJobAlias"] = async (app, place) => new Trial(HttpMethod.Post, $"{ImportWorld.Jobs}/create", await NewJobAsync(app, place)),
        // Jobs of somebody else: members and agency staff control only their own.
        ["StartJob"] = async (app, place) =>
            Trial.About(HttpMethod.Post, ImportWorld.Jobs, await JobAsync(app, place, "pending"), "/start"),
        ["PauseJob"] = async (app, place) => Trial.About(HttpMethod.Post, ImportWorld.Jobs, await JobAsync(app, place, "paused"), "/pause"),
        ["ResumeJob"] = async (app, place) =>
            Trial.About(HttpMethod.Post, ImportWorld.Jobs, await JobAsync(app, place, "paused"), "/resume"),
        ["CancelJob"] = async (app, place) =>
            Trial.About(HttpMethod.Post, ImportWorld.Jobs, await JobAsync(app, place, "paused"), "/cancel"),
        ["RetryJob"] = async (app, place) => Trial.About(HttpMethod.Post, ImportWorld.Jobs, await JobAsync(app, place, "failed"), "/retry"),
        ["UndoJob"] = async (app, place) =>
            Trial.About(HttpMethod.Post, ImportWorld.Jobs, await JobAsync(app, place, "completed"), "/undo"),
    };

    private static Task<Guid> SourceAsync(TestApp app, Place place) => app.CreateSourceAsync(place.OrganizationId, place.AgencyId);

    private static async Task<Guid> JobAsync(TestApp app, Place place, string status) =>
        await app.CreateJobAsync(place.OrganizationId, await SourceAsync(app, place), agencyId: place.AgencyId, status: status);

    private static object NewSource(Place place) => new
    {
        name = "Made by a role",
        type = "csv",
        organization_id = place.OrganizationId,
        agency_id = place.AgencyId,
    };

    private static async Task<object> NewJobAsync(TestApp app, Place place) =>
        new { data_source_id = await SourceAsync(app, place), campaign_id = await CrmTrials.CampaignAsync(app, place) };
}
