using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Imports;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Imports.Jobs;
using SalesBrain.Data.Imports.Sources;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Imports.Sources;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>Creates an import job, for roles that run import jobs, into campaigns and clients that they see.</summary>
public sealed class CreateJob(RequestPipeline pipeline, SourceInput sources, ImportSignal signal)
{
    internal const string About =
        "The people that the source finds become leads of a campaign, or of a client without a campaign. The job is pending until it is "
        + "started; start true starts it at once.";

    [Function(nameof(CreateJob))]
    [Operation("Import jobs", "Create an import job", Description = About)]
    [Requires(Capability.RunImportJobs)]
    [Returns(201, typeof(ImportJobDetail))]
    [Problems("data_source_disabled")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/jobs")] HttpRequest request) =>
        pipeline.RunAsync<CreateJob, CreateJobRequest>(request, (call, input) => AddAsync(call, input, sources, signal));

    internal static async Task<IResult> AddAsync(Call call, CreateJobRequest input, SourceInput sources, ImportSignal signal)
    {
        var errors = new InputErrors();
        await using var session = await call.WriteAsync();
        var source = await DataSources.FindAsync(session, input.DataSourceId, call.CancellationToken);
        if (source is null)
        {
            errors.Add("data_source_id", "must be the id of an existing data source");
        }
        else if (source is { Type: "csv", FileId: null })
        {
            errors.Add("data_source_id", "must have a file: upload one to the data source first");
        }
        else
        {
            sources.CheckRequest(source, input.ToParameters(), errors);
        }
        var place = await PlaceAsync(call, session, input, source, errors);
        if (errors.Any)
        {
            return Problems.InvalidInput(errors);
        }
        var job = new NewImportJob
        {
            Id = Guid.CreateVersion7(call.Now),
            OrganizationId = source!.OrganizationId,
            DataSourceId = source.Id,
            CampaignId = input.CampaignId,
            AgencyId = place!.AgencyId,
            ClientId = place.ClientId,
            Name = TrimmedText.Of(input.Name) ?? source.Name,
            Parameters = input.ToParameters().ToJson(),
            CreatedBy = call.Caller.UserId,
            CreatedAt = call.Now.UtcDateTime,
        };
        if (!await ImportJobs.AddAsync(session, job, call.CancellationToken)
            || (input.Start && !await ImportJobs.StartAsync(session, job.Id, call.Caller.UserId, call.Now.UtcDateTime, call.CancellationToken)))
        {
            return Problems.DataSourceDisabled;
        }
        var added = (await ImportJobs.FindAsync(session, job.Id, call.CancellationToken))!;
        await call.AuditAsync(
            session, "import_job.created", "import_job", added.Id, added.OrganizationId, AuditedChanges.Created<ImportJob>(added));
        await session.CommitAsync();
        if (input.Start)
        {
            signal.Raise();
        }
        return EntityTags.ShowCreated(call, $"/api/v1/jobs/{added.Id}", added);
    }

    /// <summary>The campaign or client of the leads; what is wrong goes to <paramref name="errors"/>.</summary>
    internal static async Task<PlacedRow?> PlaceAsync(
        Call call, DatabaseSession session, CreateJobRequest input, DataSource? source, InputErrors errors)
    {
        if ((input.CampaignId is null) == (input.ClientId is null))
        {
            errors.Add("campaign_id", "send either campaign_id or client_id");
            return null;
        }
        var found = await LeadPlaces.FindAsync(session, input.CampaignId, input.ClientId, contactId: null, call.CancellationToken);
        var place = found.Campaign ?? found.Client;
        var isOwn = call.Caller.AgencyId is null || place?.AgencyId == call.Caller.AgencyId;
        if (place is null || !isOwn || (source is not null && place.OrganizationId != source.OrganizationId))
        {
            errors.Add(
                input.CampaignId is null ? "client_id" : "campaign_id",
                input.CampaignId is null ? "must be the id of an existing client" : "must be the id of an existing campaign");
        }
        else if (source?.AgencyId is { } agency && agency != place.AgencyId)
        {
            errors.Add("data_source_id", "must be a source of the organization or of the agency that gets the leads");
        }
        return place;
    }
}

/// <summary>The same as <see cref="CreateJob"/>, at the path that the campaign front end calls.</summary>
public sealed class CreateJobAlias(RequestPipeline pipeline, SourceInput sources, ImportSignal signal)
{
    [Function(nameof(CreateJobAlias))]
    [Operation("Import jobs", "Create an import job (alias)", Description = "The same as POST /api/v1/jobs. " + CreateJob.About)]
    [Requires(Capability.RunImportJobs)]
    [Returns(201, typeof(ImportJobDetail))]
    [Problems("data_source_disabled")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/jobs/create")] HttpRequest request) =>
        pipeline.RunAsync<CreateJobAlias, CreateJobRequest>(request, (call, input) => CreateJob.AddAsync(call, input, sources, signal));
}

public sealed record CreateJobRequest : IValidatableObject
{
    private const int MaxMapped = 200;

    public required Guid DataSourceId { get; init; }

    /// <summary>The campaign of the leads. Either this or client_id.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>The client of the leads, without a campaign.</summary>
    public Guid? ClientId { get; init; }

    /// <summary>Default: the name of the data source.</summary>
    [StringLength(300)]
    [NameText]
    public string? Name { get; init; }

    /// <summary>The vendor's search filters.</summary>
    [JsonObject]
    public JsonElement? Filters { get; init; }

    /// <summary>The target field of each column or path, such as <c>{"E-mail": "email"}</c>. Default: the source's own.</summary>
    [JsonObject]
    public JsonElement? Mapping { get; init; }

    /// <summary>The job ends after this many rows.</summary>
    [Range(1, 10_000_000)]
    public int? Limit { get; init; }

    /// <summary>Whether e-mail addresses are bought where the vendor bills them.</summary>
    public bool Reveal { get; init; }

    /// <summary>How many of the vendor's credits the job may spend.</summary>
    [Range(1, 10_000_000)]
    public int? MaxCredits { get; init; }

    /// <summary>
    /// Whether contacts that exist get the values of the source. Empty values never replace any. Without it, contacts that exist stay as
    /// they are.
    /// </summary>
    public bool UpdateExisting { get; init; }

    /// <summary>Start the job at once.</summary>
    public bool Start { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mapping is { ValueKind: JsonValueKind.Object } mapping
            && (mapping.EnumerateObject().Count() > MaxMapped || mapping.EnumerateObject().Any(member => member.Value.ValueKind != JsonValueKind.String)))
        {
            yield return new($"must have at most {MaxMapped} members, which are texts", [nameof(Mapping)]);
        }
    }

    internal ImportParameters ToParameters() => new()
    {
        Filters = Filters,
        // A caller's JSON may name a member twice.
        Mapping = Mapping?.EnumerateObject().GroupBy(member => member.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().Value.GetString()!, StringComparer.Ordinal),
        Limit = Limit,
        Reveal = Reveal,
        MaxCredits = MaxCredits,
        UpdateExisting = UpdateExisting,
    };
}
