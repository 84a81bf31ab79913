using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SalesBrain.Core.Values;
using SalesBrain.Functions.Http.Binding;
using SalesBrain.Functions.Http.Responses;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>Schemas of requests, from the shapes and rules that the binder uses.</summary>
internal sealed class InputSchemas(SchemaCatalog catalog, XmlComments comments)
{
    private const string JsonLimits = "At most 32 KiB, nested at most 32 levels deep.";

    /// <summary>The schema of a body or of an object inside one. It forbids unknown members where the binder does.</summary>
    internal IOpenApiSchema OfRecord(Type type) => catalog.Reference(type, isInput: true, () =>
    {
        var shape = InputShape.Of(type);
        var members = shape.Members;
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = comments.Of(type),
            Properties = members.ToDictionary(member => member.Name, OfMember, StringComparer.Ordinal),
            Required = members.Where(member => member.IsRequired).Select(member => member.Name).ToHashSet(StringComparer.Ordinal),
            AdditionalPropertiesAllowed = shape.IgnoresUnknownMembers,
        };
    });

    /// <summary>The parameters of a query string.</summary>
    internal IEnumerable<OpenApiParameter> OfQuery(Type type) => NamedMembers(type).Select(member => new OpenApiParameter
    {
        Name = member.Name,
        In = ParameterLocation.Query,
        Required = member.IsRequired,
        Description = Describe(member),
        Schema = OfParameter(member),
        // Repeated: status=failed&status=dead.
        Style = member.ValueType.IsArray ? ParameterStyle.Form : null,
        Explode = member.ValueType.IsArray,
    });

    /// <summary>Without conditions on custom fields: OpenAPI cannot describe parameters whose names callers choose.</summary>
    private static IEnumerable<InputMember> NamedMembers(Type type) =>
        InputShape.Of(type).Members.Where(member => member != InputShape.Of(type).CustomFields);

    private IOpenApiSchema OfParameter(InputMember member)
    {
        if (member.ValueType == typeof(DateTime))
        {
            return Schemas.DateOrTimeText();
        }
        var schema = OfValue(member);
        if (schema is OpenApiSchema { Items: OpenApiSchema { Enum: null, Type: JsonSchemaType.String } item })
        {
            // An empty value is not a value.
            item.MinLength ??= 1;
        }
        if (schema is OpenApiSchema { Items: not null } list)
        {
            // An empty list would be sent as an empty value.
            list.MinItems = Math.Max(list.MinItems ?? 1, 1);
        }
        return schema;
    }

    private IOpenApiSchema OfMember(InputMember member)
    {
        var schema = OfValue(member);
        return (member.IsNullable ? SchemaCatalog.Nullable(schema) : schema).Described(Describe(member));
    }

    /// <summary>The description of the member and of the rules that a schema cannot express.</summary>
    private string? Describe(InputMember member)
    {
        var unspoken = member.Rules
            .Where(rule => rule.ErrorMessage is not null && !SchemaRules.TryApply(rule, new OpenApiSchema()))
            .Select(rule => $"It {rule.ErrorMessage}.");
        var limits = member.Rules.Any(rule => rule is JsonObjectAttribute) ? JsonLimits : null;
        var sentences = unspoken.Prepend(limits).Prepend(comments.Of(member.Property)).Where(sentence => sentence is not null).ToList();
        return sentences.Count == 0 ? null : string.Join(' ', sentences);
    }

    /// <summary>The schema of the member's value with its rules and default, not yet saying whether it may be null.</summary>
    private IOpenApiSchema OfValue(InputMember member)
    {
        var schema = OfType(member.ValueType);
        if (schema is not OpenApiSchema inline)
        {
            return schema;
        }
        if (member.ValueType == typeof(string))
        {
            inline.MaxLength = InputRules.DefaultMaxLength;
        }
        if (member.ValueType.IsArray)
        {
            inline.MaxItems = InputBinder.DefaultMaxItems;
        }
        foreach (var rule in member.Rules)
        {
            SchemaRules.TryApply(rule, inline);
        }
        if (member.Property.GetCustomAttribute<AcceptsAttribute>() is { } accepted)
        {
            SchemaRules.Apply(accepted, inline);
        }
        inline.Default = DefaultOf(member);
        return inline;
    }

    private IOpenApiSchema OfType(Type type) =>
        type.IsArray && type != typeof(byte[]) ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = OfType(type.GetElementType()!) }
        : type == typeof(DateTime) ? Schemas.DateOrTime()
        : type.IsEnum ? catalog.Enumeration(type, comments)
        : Schemas.OfScalar(type) ?? OfRecord(type);

    /// <summary>The default value of the member, if there is one.</summary>
    private static JsonNode? DefaultOf(InputMember member)
    {
        if (member.IsRequired || member.IsOptional)
        {
            return null;
        }
        var value = member.Property.GetValue(Activator.CreateInstance(member.Property.ReflectedType!));
        return value is null or JsonElement or Array { Length: 0 }
            ? null
            : JsonSerializer.SerializeToNode(value, member.ValueType, JsonResponse.Snake);
    }
}
