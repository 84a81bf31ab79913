using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SalesBrain.Core.Access;
using SalesBrain.Core.Crm;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Functions.Crm;
using SalesBrain.Functions.Http.Binding;
using SalesBrain.Functions.Http.Responses;
using SalesBrain.Functions.Webhooks.Endpoints;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>Writes the rules of members as JSON Schema. Rules of single values apply to each value of a list.</summary>
internal static class SchemaRules
{
    /// <summary>A part of a domain name.</summary>
    private const string Label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

    /// <summary>False for a rule that a schema cannot express; the description then contains its message.</summary>
    internal static bool TryApply(ValidationAttribute rule, OpenApiSchema schema)
    {
        var isList = schema.Type?.HasFlag(JsonSchemaType.Array) == true;
        var value = ValueOf(schema);
        switch (rule)
        {
            case RangeAttribute range:
                value.Minimum = Convert.ToString(range.Minimum, CultureInfo.InvariantCulture);
                value.Maximum = Convert.ToString(range.Maximum, CultureInfo.InvariantCulture);
                break;
            case StringLengthAttribute length:
                (value.MinLength, value.MaxLength) = (AtLeast(length.MinimumLength) ?? value.MinLength, length.MaximumLength);
                break;
            case LengthAttribute length when isList:
                (schema.MinItems, schema.MaxItems) = (AtLeast(length.MinimumLength), length.MaximumLength);
                break;
            case LengthAttribute length:
                (value.MinLength, value.MaxLength) = (AtLeast(length.MinimumLength), length.MaximumLength);
                break;
            case MinLengthAttribute length when isList:
                schema.MinItems = length.Length;
                break;
            case MinLengthAttribute length:
                value.MinLength = length.Length;
                break;
            case MaxLengthAttribute length when isList:
                schema.MaxItems = length.Length;
                break;
            case MaxLengthAttribute length:
                value.MaxLength = length.Length;
                break;
            case RegularExpressionAttribute expression:
                value.Pattern = expression.Pattern;
                break;
            case EmailAddressAttribute or MailAddressAttribute:
                value.Format = "email";
                break;
            case AllowedValuesAttribute allowed:
                Restrict(value, allowed.Values);
                break;
            case NotBlankAttribute:
                value.MinLength ??= 1;
                value.Pattern ??= TextPatterns.NotBlank;
                break;
            case SearchTermAttribute:
                value.MinLength = SearchTerm.MinLength;
                value.Pattern = TextPatterns.TwoCharacters;
                break;
            case WebAddressAttribute:
                value.Format = "uri";
                value.Pattern = @"^[Hh][Tt][Tt][Pp][Ss]?://[^\s@]+$";
                break;
            case DomainNameAttribute:
                value.Format = "hostname";
                value.Pattern = $"^{Label}(\\.{Label})+$";
                break;
            case RoleNameAttribute:
                Restrict(value, [.. Roles.AcceptedNames]);
                break;
            case TagListAttribute when isList:
                schema.MaxItems = TagListAttribute.Most;
                (value.MinLength, value.MaxLength, value.Pattern) = (1, TagListAttribute.MaxLength, TextPatterns.NotBlank);
                break;
            case DealAmountAttribute:
                // Not multipleOf 0.01: of a floating-point number, 0.07 is none.
                (value.Minimum, value.Maximum) = ("0", DealAmounts.Max.ToString(CultureInfo.InvariantCulture));
                return false;
            case CurrencyAttribute:
                Restrict(value, [.. Currencies.All]);
                break;
            case CriteriaAttribute:
                Schemas.MakeObject(value);
                return false;
            case JsonObjectAttribute:
                Schemas.MakeObject(value);
                break;
            case TypeAliasesAttribute:
                Schemas.MakeObject(value);
                value.MaxProperties = ReadingSettings.MaxAliases;
                value.AdditionalProperties = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Enum = [.. EventTypes.All.Select(type => (JsonNode)type.Name)],
                };
                break;
            default:
                return false;
        }
        return true;
    }

    /// <summary>What code accepts beyond the rules that are attributes.</summary>
    internal static void Apply(AcceptsAttribute accepted, OpenApiSchema schema)
    {
        var value = ValueOf(schema);
        value.Pattern = accepted.Pattern ?? value.Pattern;
        value.MinLength = AtLeast(accepted.MinLength) ?? value.MinLength;
        value.MaxLength = AtLeast(accepted.MaxLength) ?? value.MaxLength;
        value.Minimum = AtLeast(accepted.Minimum)?.ToString(CultureInfo.InvariantCulture) ?? value.Minimum;
        value.Maximum = AtLeast(accepted.Maximum)?.ToString(CultureInfo.InvariantCulture) ?? value.Maximum;
        schema.MinItems = AtLeast(accepted.MinItems) ?? schema.MinItems;
        schema.MaxItems = AtLeast(accepted.MaxItems) ?? schema.MaxItems;
        schema.UniqueItems = accepted.UniqueItems ? true : null;
        if (accepted.Values is { } values)
        {
            Restrict(value, values);
        }
    }

    /// <summary>The schema of each value of a list, or the schema itself.</summary>
    private static OpenApiSchema ValueOf(OpenApiSchema schema) => schema.Items as OpenApiSchema ?? schema;

    private static void Restrict(OpenApiSchema value, IReadOnlyCollection<object?> values)
    {
        var words = values.Where(word => word is not null)
            .Select(word => JsonSerializer.SerializeToNode(word, JsonResponse.Snake)!).ToList<JsonNode>();
        if (words is [JsonValue only] && only.TryGetValue<string>(out var text))
        {
            // Not an enumeration of one: client generators make a type of it whose value they may write differently.
            value.Const = text;
        }
        else
        {
            value.Enum = words;
        }
        value.MaxLength = null;
    }

    private static int? AtLeast(int number) => number > 0 ? number : null;
}
