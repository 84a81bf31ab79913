using System.Text.Json;
using SalesBrain.Core.Imports;
using SalesBrain.Core.Security;
using SalesBrain.Data.Imports.Sources;
using SalesBrain.Integrations;

namespace SalesBrain.Functions.Imports.Sources;

/// <summary>Checks and seals what callers send about a data source.</summary>
public sealed class SourceInput(ISourceAdapters adapters, SecretBox secrets)
{
    internal static readonly JsonElement NoConfig = JsonElement.Parse("{}");

    /// <summary>Says that the data key of the credentials is no longer available.</summary>
    internal const string CredentialsUnreadable = "The credentials of the source cannot be decrypted. Enter them again.";

    /// <summary>Adds to the errors what is wrong with the form of the settings and credentials.</summary>
    internal void Check(DataSourceType type, JsonElement config, JsonElement? credentials, InputErrors errors)
    {
        foreach (var problem in adapters.Check(Enum.Parse<SourceType>(type.ToString()), config, credentials))
        {
            errors.Add(problem.Field, problem.Message);
        }
    }

    /// <summary>Adds to the errors what a job must not ask of its source.</summary>
    internal void CheckRequest(DataSource source, ImportParameters parameters, InputErrors errors)
    {
        var request = new SourceRequest(parameters.Filters, parameters.Mapping, parameters.Reveal, parameters.MaxCredits, source.FileId);
        foreach (var problem in adapters.CheckRequest(Enum.Parse<SourceType>(source.Type, ignoreCase: true), source.Config, request))
        {
            errors.Add(problem.Field, problem.Message);
        }
    }

    /// <summary>The agency of a new source: callers who belong to an agency may name only that one.</summary>
    internal Guid? AgencyFor(Caller caller, Guid? named, InputErrors errors)
    {
        if (caller.AgencyId is { } own && named is not null && named != own)
        {
            errors.Add("agency_id", "must be the id of your own agency");
        }
        return caller.AgencyId ?? named;
    }

    /// <summary>The credentials as they are stored; null for none.</summary>
    internal byte[]? Seal(JsonElement? credentials, Guid organizationId) =>
        credentials is { } value ? secrets.Seal(value.GetRawText(), organizationId, SourceCredentials.Purpose) : null;

    /// <summary>The stored credentials; null for none.</summary>
    internal JsonElement? Open(byte[]? credentialsSealed, Guid organizationId) =>
        credentialsSealed is null
            ? null
            : JsonElement.Parse(secrets.OpenText(credentialsSealed, organizationId, SourceCredentials.Purpose));
}
