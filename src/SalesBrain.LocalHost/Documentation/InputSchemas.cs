using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SalesBrain.Functions.Http.Binding;
using SalesBrain.Functions.Http.Responses;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>Schemas of requests, from the shapes and rules that the binder uses.</summary>
internal sealed class InputSchemas(SchemaCatalog catalog, XmlComments comments)
{
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
    internal IEnumerable<OpenApiParameter> OfQuery(Type type) => InputShape.Of(type).Members.Select(member => new OpenApiParameter
    {
        Name = member.Name,
        In = ParameterLocation.Query,
        Required = member.IsRequired,
        Description = Describe(member),
        Schema = OfValue(member),
        // Repeated: status=failed&status=dead.
        Style = member.ValueType.IsArray ? ParameterStyle.Form : null,
        Explode = member.ValueType.IsArray,
    });

    private IOpenApiSchema OfMember(InputMember member)
    {
        var schema = OfValue(member);
        return (member.IsNullable ? SchemaCatalog.Nullable(schema) : schema).Described(Describe(member));
    }

    /// <summary>The description of the member and of the rules that a schema cannot express.</summary>
    private string? Describe(InputMember member)
    {
        var unspoken = member.Rules
            .Where(rule => rule.ErrorMessage is not null && !TryApply(rule, new OpenApiSchema(), member.ValueType.IsArray))
            .Select(rule => $"It {rule.ErrorMessage}.");
        var sentences = unspoken.Prepend(comments.Of(member.Property)).Where(sentence => sentence is not null).ToList();
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
        if (member.ValueType == typeof(string) && !member.Rules.Any(rule => rule is AllowedValuesAttribute))
        {
            inline.MaxLength = InputRules.DefaultMaxLength;
        }
        if (member.ValueType.IsArray)
        {
            inline.MaxItems = InputBinder.DefaultMaxItems;
        }
        foreach (var rule in member.Rules)
        {
            TryApply(rule, inline, member.ValueType.IsArray);
        }
        inline.Default = DefaultOf(member);
        return inline;
    }

    private IOpenApiSchema OfType(Type type) =>
        type.IsArray && type != typeof(byte[]) ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = OfType(type.GetElementType()!) }
        : type.IsEnum ? catalog.Enumeration(type, comments)
        : Schemas.OfScalar(type) ?? OfRecord(type);

    private static bool TryApply(ValidationAttribute rule, OpenApiSchema schema, bool isArray)
    {
        switch (rule)
        {
            case RangeAttribute range:
                schema.Minimum = Convert.ToString(range.Minimum, CultureInfo.InvariantCulture);
                schema.Maximum = Convert.ToString(range.Maximum, CultureInfo.InvariantCulture);
                break;
            case StringLengthAttribute length:
                (schema.MinLength, schema.MaxLength) = (AtLeast(length.MinimumLength), length.MaximumLength);
                break;
            case LengthAttribute length when isArray:
                (schema.MinItems, schema.MaxItems) = (AtLeast(length.MinimumLength), length.MaximumLength);
                break;
            case LengthAttribute length:
                (schema.MinLength, schema.MaxLength) = (AtLeast(length.MinimumLength), length.MaximumLength);
                break;
            case MinLengthAttribute length when isArray:
                schema.MinItems = length.Length;
                break;
            case MinLengthAttribute length:
                schema.MinLength = length.Length;
                break;
            case MaxLengthAttribute length when isArray:
                schema.MaxItems = length.Length;
                break;
            case MaxLengthAttribute length:
                schema.MaxLength = length.Length;
                break;
            case RegularExpressionAttribute expression:
                schema.Pattern = expression.Pattern;
                break;
            case EmailAddressAttribute or MailAddressAttribute:
                schema.Format = "email";
                break;
            case AllowedValuesAttribute allowed:
                schema.Enum = allowed.Values.Where(value => value is not null).Select(value => JsonSerializer.SerializeToNode(value, JsonResponse.Snake)!).ToList<JsonNode>();
                break;
            default:
                return false;
        }
        return true;
    }

    private static int? AtLeast(int length) => length > 0 ? length : null;

    /// <summary>The default value of the member, if there is one.</summary>
    private static JsonNode? DefaultOf(InputMember member)
    {
        if (member.IsRequired || member.IsOptional)
        {
            return null;
        }
        var value = member.Property.GetValue(Activator.CreateInstance(member.Property.ReflectedType!));
        return value is null or JsonElement or Array { Length: 0 } ? null : JsonSerializer.SerializeToNode(value, member.ValueType, JsonResponse.Snake);
    }
}
