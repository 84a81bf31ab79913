using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SalesBrain.Core.Webhooks.Events.Sources;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>Describes the values in paths.</summary>
internal static class PathParameters
{
    internal static OpenApiParameter Of(PathParameter parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type;
        var (description, schema) = type == typeof(Guid) ? (IdOf(parameter.Name), Schemas.OfScalar(type)) : OfText(parameter.Name);
        return new OpenApiParameter
        {
            Name = parameter.Name,
            In = ParameterLocation.Path,
            Required = true,
            Description = description,
            Schema = schema,
        };
    }

    private static string IdOf(string name) =>
        $"The id of the {name.Replace("_id", "", StringComparison.Ordinal).Replace('_', ' ')}. A malformed id returns 404 like an unknown "
        + "one, possibly without a body.";

    private static (string? Description, OpenApiSchema Schema) OfText(string name) => name switch
    {
        "source" => ("The source of the endpoint.", Schemas.Of(JsonSchemaType.String).With(text =>
            text.Enum = [.. EventSources.All.Where(source => source.Receives).Select(source => (JsonNode)source.Name)])),
        "token" => ("The token of the endpoint.", Schemas.Of(JsonSchemaType.String)),
        "link_token" => ("The token of the link: 32 letters and digits. A malformed token returns 404 like an unknown one.", Schemas.Of(JsonSchemaType.String)),
        "genesys_org_id" => ("The id of the Genesys organization.", Schemas.Of(JsonSchemaType.String)),
        "asset" => ("The name of the file.", Schemas.Of(JsonSchemaType.String)),
        _ => (null, Schemas.Of(JsonSchemaType.String)),
    };
}
