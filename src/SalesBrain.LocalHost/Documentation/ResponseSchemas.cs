using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;
using SalesBrain.Core.Values;
using SalesBrain.Functions.Http;
using SalesBrain.Functions.Http.Responses;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>Schemas of responses, from the contracts that the serializer uses.</summary>
internal sealed class ResponseSchemas(SchemaCatalog catalog, XmlComments comments)
{
    /// <summary>The schema of a whole response, with or without the envelope, which has one of these bodies.</summary>
    internal IOpenApiSchema OfAnswers(IReadOnlyList<ReturnsAttribute> answers)
    {
        if (answers[0].ContentType != "application/json")
        {
            return Schemas.Of(JsonSchemaType.String);
        }
        return answers[0].Bare
            ? OneOf(answers)
            : catalog.Named(
                "EnvelopeOf" + string.Join("Or", answers.Select(answer => SchemaCatalog.NameOf(answer.Body!))), () => Envelope(answers));
    }

    private OpenApiSchema Envelope(IReadOnlyList<ReturnsAttribute> answers)
    {
        var envelope = OfObject(typeof(Envelope<>).MakeGenericType(answers[0].Body!));
        envelope.Description = null;
        envelope.Properties!["success"] = new OpenApiSchema { Type = JsonSchemaType.Boolean, Enum = [JsonValue.Create(true)] };
        envelope.Properties["data"] = OneOf(answers);
        return envelope;
    }

    private IOpenApiSchema OneOf(IReadOnlyList<ReturnsAttribute> answers) =>
        answers is [var only] ? Of(only.Body!) : new OpenApiSchema { OneOf = [.. answers.Select(answer => Of(answer.Body!))] };

    internal IOpenApiSchema Of(Type type)
    {
        if (System.Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return SchemaCatalog.Nullable(Of(underlying));
        }
        if (type.IsEnum)
        {
            return catalog.Enumeration(type, comments);
        }
        if (Schemas.OfScalar(type) is { } scalar)
        {
            return scalar;
        }
        var contract = JsonResponse.Snake.GetTypeInfo(type);
        return contract.Kind switch
        {
            JsonTypeInfoKind.Dictionary =>
                new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Of(contract.ElementType!) },
            JsonTypeInfoKind.Enumerable => new OpenApiSchema { Type = JsonSchemaType.Array, Items = Of(contract.ElementType!) },
            JsonTypeInfoKind.Object => catalog.Reference(type, isInput: false, () => OfObject(type)),
            _ => throw new StartupException($"{type.FullName} is a response type whose JSON cannot be described."),
        };
    }

    private OpenApiSchema OfObject(Type type)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = comments.Of(type),
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal),
            Required = new HashSet<string>(StringComparer.Ordinal),
        };
        foreach (var member in JsonResponse.Snake.GetTypeInfo(type).Properties.Where(member => member.Get is not null))
        {
            var property = (PropertyInfo)member.AttributeProvider!;
            // A property that is omitted when null is never null in the response.
            var leftOut = property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.WhenWritingNull or JsonIgnoreCondition.WhenWritingDefault };
            var memberType = System.Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
            // JSON that is stored as an object. What a sender sent has a converter of its own, and may be anything.
            var value = memberType == typeof(JsonElement) && !property.IsDefined(typeof(JsonConverterAttribute))
                ? Schemas.AnyObject()
                : Of(memberType);
            var words = property.GetCustomAttribute<AllowedValuesAttribute>()?.Values
                ?? property.GetCustomAttribute<AcceptsAttribute>()?.Values;
            if (words is not null && value is OpenApiSchema text)
            {
                text.Enum = words.OfType<string>().Select(word => (JsonNode)JsonValue.Create(word)).ToList();
            }
            schema.Properties.Add(
                member.Name, (member.IsGetNullable && !leftOut ? SchemaCatalog.Nullable(value) : value).Described(comments.Of(property)));
            if (!leftOut)
            {
                schema.Required.Add(member.Name);
            }
        }
        return schema;
    }
}
