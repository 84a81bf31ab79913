using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Imports;
using SalesBrain.Core.Security;
using SalesBrain.Core.Values;
using SalesBrain.Data.Imports.Sources;

namespace SalesBrain.Functions.Imports.Sources;

/// <summary>Changes a data source, for owners, admins and the admins of its agency, and for sb_admin.</summary>
public sealed class UpdateDataSource(RequestPipeline pipeline, SourceInput sources)
{
    [Function(nameof(UpdateDataSource))]
    [Operation("Data sources", "Update a data source", Description =
        "Only the fields that are sent change; null clears a field. config and credentials are replaced as a whole. New credentials, or "
        + "another base_url, url or token_url in config, make the source untested. status disabled keeps jobs from starting, and pauses "
        + "running ones before their next page; status untested enables the source again.")]
    [Requires(Capability.ManageDataSources)]
    [Returns(200, typeof(DataSource))]
    [Problems("not_found", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/data-sources/{dataSourceId:guid}")] HttpRequest request,
        Guid dataSourceId) =>
        pipeline.RunAsync<UpdateDataSource, UpdateDataSourceRequest>(request, (call, input) => ChangeAsync(call, dataSourceId, input));

    private async Task<IResult> ChangeAsync(Call call, Guid dataSourceId, UpdateDataSourceRequest input)
    {
        await using var session = await call.WriteAsync();
        if (await DataSources.LockAsync(session, dataSourceId, call.CancellationToken) is not { } before)
        {
            // Agencies see the sources of the whole organization, and change only their own.
            return await DataSources.FindAsync(session, dataSourceId, call.CancellationToken) is null
                ? Problems.NotFound
                : Problems.Forbidden;
        }
        if (!EntityTags.Match(call, before))
        {
            return Problems.ChangedMeanwhile;
        }
        var config = input.Config.IsSet ? input.Config.Value ?? SourceInput.NoConfig : before.Config;
        var errors = new InputErrors();
        if (input.Config.IsSet || input.Credentials.IsSet)
        {
            JsonElement? credentials;
            try
            {
                credentials = input.Credentials.IsSet
                    ? input.Credentials.Value
                    : sources.Open(
                        await DataSources.FindCredentialsAsync(session, before.OrganizationId, before.Id, call.CancellationToken),
                        before.OrganizationId);
            }
            catch (SecretBoxException)
            {
                return Problems.InvalidMember("credentials", "are required, because the stored ones cannot be decrypted");
            }
            sources.Check(Enum.Parse<DataSourceType>(before.Type, ignoreCase: true), config, credentials, errors);
        }
        if (errors.Any)
        {
            return Problems.InvalidInput(errors);
        }
        var becomesUntested = input.Credentials.IsSet || SourceConfig.NamesOtherServer(before.Config, config);
        var changed = before with
        {
            Name = input.Name.TrimmedOr(before.Name)!,
            Status = input.Status.IsSet ? input.Status.Value! : becomesUntested && before.Status != "disabled" ? "untested" : before.Status,
            Config = config,
            HasCredentials = input.Credentials.IsSet ? input.Credentials.Value is not null : before.HasCredentials,
            CredentialsLast4 = input.Credentials.IsSet ? SourceCredentials.Last4(input.Credentials.Value) : before.CredentialsLast4,
            RequestsPerMinute = input.RequestsPerMinute.Or(before.RequestsPerMinute),
            UpdatedAt = call.Now.UtcDateTime,
        };
        var changes = AuditedChanges.Between(before, changed);
        if (changes.AreEmpty && !input.Credentials.IsSet)
        {
            return EntityTags.ShowChanged(call, before);
        }
        await DataSources.UpdateAsync(
            session, changed, input.Credentials.IsSet, sources.Seal(input.Credentials.Value, before.OrganizationId),
            call.CancellationToken);
        var after = (await DataSources.FindAsync(session, dataSourceId, call.CancellationToken))!;
        await call.AuditAsync(session, "data_source.updated", "data_source", after.Id, after.OrganizationId, changes);
        await session.CommitAsync();
        return EntityTags.ShowChanged(call, after);
    }
}

public sealed record UpdateDataSourceRequest
{
    [Required]
    [StringLength(200)]
    [NotBlank]
    [NameText]
    public Optional<string> Name { get; init; }

    /// <summary><c>disabled</c>, or <c>untested</c> to enable the source again.</summary>
    [Required]
    [AllowedValues("disabled", "untested")]
    public Optional<string> Status { get; init; }

    /// <summary>Settings; replaced as a whole. Their members depend on the type.</summary>
    [JsonObject]
    public Optional<JsonElement?> Config { get; init; }

    /// <summary>Credentials; replaced as a whole, null removes them. Never returned.</summary>
    [JsonObject]
    [Verbatim]
    public Optional<JsonElement?> Credentials { get; init; }

    /// <summary>How many requests a minute the source takes, over all of its jobs; null: as many as the vendor allows.</summary>
    [Range(1, 100_000)]
    public Optional<int?> RequestsPerMinute { get; init; }
}
