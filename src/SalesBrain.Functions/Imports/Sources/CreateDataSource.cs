using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Imports;
using SalesBrain.Core.Values;
using SalesBrain.Data.Imports.Sources;

namespace SalesBrain.Functions.Imports.Sources;

/// <summary>Connects a data source, for owners, admins and agency admins, and for sb_admin in any organization.</summary>
public sealed class CreateDataSource(RequestPipeline pipeline, SourceInput sources)
{
    internal const string About =
        "The members of config and credentials depend on the type. The credentials are stored encrypted and never returned. A new source "
        + "is untested: test it before the first job.";

    [Function(nameof(CreateDataSource))]
    [Operation("Data sources", "Create a data source", Description = About)]
    [Requires(Capability.ManageDataSources)]
    [Returns(201, typeof(DataSource))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/data-sources")] HttpRequest request) =>
        pipeline.RunAsync<CreateDataSource, CreateDataSourceRequest>(request, (call, input) => AddAsync(call, input, sources));

    internal static async Task<IResult> AddAsync(Call call, CreateDataSourceRequest input, SourceInput sources)
    {
        var errors = new InputErrors();
        var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
        var agencyId = sources.AgencyFor(call.Caller, input.AgencyId, errors);
        var config = input.Config ?? SourceInput.NoConfig;
        sources.Check(input.Type, config, input.Credentials, errors);
        if (errors.Any)
        {
            return Problems.InvalidInput(errors);
        }
        var source = new DataSource
        {
            Id = Guid.CreateVersion7(call.Now),
            OrganizationId = organizationId,
            AgencyId = agencyId,
            Name = input.Name.Trim(),
            Type = input.Type.ToWireName(),
            Config = config,
            HasCredentials = input.Credentials is not null,
            CredentialsLast4 = SourceCredentials.Last4(input.Credentials),
            RequestsPerMinute = input.RequestsPerMinute,
            CreatedBy = call.Caller.UserId,
            CreatedAt = call.Now.UtcDateTime,
            UpdatedAt = call.Now.UtcDateTime,
        };
        await using var session = await call.WriteAsync();
        await DataSources.AddAsync(session, source, sources.Seal(input.Credentials, organizationId), call.CancellationToken);
        var added = (await DataSources.FindAsync(session, source.Id, call.CancellationToken))!;
        await call.AuditAsync(session, "data_source.created", "data_source", added.Id, organizationId, AuditedChanges.Created(added));
        await session.CommitAsync();
        return EntityTags.ShowCreated(call, $"/api/v1/data-sources/{added.Id}", added);
    }
}

/// <summary>The same as <see cref="CreateDataSource"/>, at the path that the campaign front end calls.</summary>
public sealed class CreateDataSourceAlias(RequestPipeline pipeline, SourceInput sources)
{
    [Function(nameof(CreateDataSourceAlias))]
    [Operation(
        "Data sources", "Create a data source (alias)", Description = "The same as POST /api/v1/data-sources. " + CreateDataSource.About)]
    [Requires(Capability.ManageDataSources)]
    [Returns(201, typeof(DataSource))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/data-sources/create")] HttpRequest request) =>
        pipeline.RunAsync<CreateDataSourceAlias, CreateDataSourceRequest>(
            request, (call, input) => CreateDataSource.AddAsync(call, input, sources));
}

public sealed record CreateDataSourceRequest
{
    /// <summary>The organization of the source. Required only for platform operators.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>
    /// The agency of the source; without one the whole organization may use it. Callers who belong to an agency create sources of that
    /// agency.
    /// </summary>
    public Guid? AgencyId { get; init; }

    [StringLength(200)]
    [NotBlank]
    [NameText]
    public required string Name { get; init; }

    public required DataSourceType Type { get; init; }

    /// <summary>Settings; their members depend on the type.</summary>
    [JsonObject]
    public JsonElement? Config { get; init; }

    /// <summary>Credentials; their members depend on the type. Never returned.</summary>
    [JsonObject]
    [Verbatim]
    public JsonElement? Credentials { get; init; }

    /// <summary>How many requests a minute the source takes, over all of its jobs; null: as many as the vendor allows.</summary>
    [Range(1, 100_000)]
    public int? RequestsPerMinute { get; init; }
}
