using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>Schemas of single values, the same wherever they stand.</summary>
internal static class Schemas
{
    /// <summary>The schema of a value that is neither object, array nor enumeration; null when the type is none of these.</summary>
    internal static OpenApiSchema? OfScalar(Type type)
    {
        if (type == typeof(JsonElement) || type == typeof(JsonDocument) || type == typeof(object)
            || typeof(JsonNode).IsAssignableFrom(type))
        {
            return new OpenApiSchema();
        }
        return Type.GetTypeCode(type) switch
        {
            TypeCode.String or TypeCode.Char => Of(JsonSchemaType.String),
            TypeCode.Boolean => Of(JsonSchemaType.Boolean),
            TypeCode.Byte or TypeCode.SByte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 when !type.IsEnum =>
                Of(JsonSchemaType.Integer, "int32"),
            TypeCode.UInt32 or TypeCode.Int64 when !type.IsEnum => Of(JsonSchemaType.Integer, "int64"),
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => Of(JsonSchemaType.Number, "double"),
            TypeCode.DateTime => Of(JsonSchemaType.String, "date-time"),
            _ when type == typeof(DateTimeOffset) => Of(JsonSchemaType.String, "date-time"),
            _ when type == typeof(DateOnly) => Of(JsonSchemaType.String, "date"),
            _ when type == typeof(Guid) => Of(JsonSchemaType.String, "uuid"),
            _ when type == typeof(Uri) => Of(JsonSchemaType.String, "uri"),
            _ when type == typeof(byte[]) => new OpenApiSchema { Type = JsonSchemaType.String, ContentEncoding = "base64" },
            _ => null,
        };
    }

    /// <summary>
    /// A time or a date in a body. A date means 00:00 UTC. Client generators that know one type for a value take the first.
    /// </summary>
    internal static OpenApiSchema DateOrTime() => new()
    {
        // A validator may ignore formats. The patterns keep the two apart even then.
        OneOf =
        [
            Of(JsonSchemaType.String, "date-time").With(time => time.Pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]"),
            Of(JsonSchemaType.String, "date").With(date => date.Pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        ],
    };

    /// <summary>
    /// The same in a query string, as a text: client generators write the value of such an alternative in a format of their own.
    /// </summary>
    internal static OpenApiSchema DateOrTimeText() => new()
    {
        Type = JsonSchemaType.String,
        Pattern = "^(19|[2-9][0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
            + @"(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,7})?)?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]))?$",
        Examples = ["2026-01-31", "2026-01-31T09:30:00Z"],
    };

    /// <summary>
    /// A file. OpenAPI 3.1 needs no schema for it. With the format of 3.0, client generators return its bytes instead of parsing them as
    /// JSON.
    /// </summary>
    internal static OpenApiSchema File() => Of(JsonSchemaType.String, "binary");

    /// <summary>A JSON object with members of its owner's choice.</summary>
    internal static OpenApiSchema AnyObject() => MakeObject(new OpenApiSchema());

    internal static OpenApiSchema MakeObject(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.Object;
        schema.AdditionalProperties = new OpenApiSchema();
        return schema;
    }

    internal static OpenApiSchema Of(JsonSchemaType type, string? format = null) => new() { Type = type, Format = format };

    /// <summary>A copy with something changed.</summary>
    internal static OpenApiSchema With(this OpenApiSchema schema, Action<OpenApiSchema> change)
    {
        var copy = (OpenApiSchema)schema.CreateShallowCopy();
        change(copy);
        return copy;
    }

    /// <summary>The schema with a description; a reference keeps its own and gets this one beside it.</summary>
    internal static IOpenApiSchema Described(this IOpenApiSchema schema, string? description)
    {
        if (description is null)
        {
            return schema;
        }
        switch (schema)
        {
            case OpenApiSchemaReference reference:
                reference.Description = description;
                return reference;
            case OpenApiSchema inline:
                return inline.With(copy => copy.Description = description);
            default:
                return schema;
        }
    }
}
