using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SalesBrain.Core.Values;
using SalesBrain.Functions.Http.Responses;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>
/// The named schemas of the description, one for each object or enumeration type. A type that is used in requests and responses has two,
/// because the required members differ; the one for requests is named <c>…Input</c>.
/// </summary>
internal sealed class SchemaCatalog(OpenApiDocument document)
{
    private readonly Dictionary<string, (Type Type, bool IsInput)> _names = new(StringComparer.Ordinal);

    /// <summary>
    /// A reference to the type's schema, which is built when it is met first. Throws <see cref="StartupException"/> when another type has
    /// its name.
    /// </summary>
    internal OpenApiSchemaReference Reference(Type type, bool isInput, Func<OpenApiSchema> build)
    {
        var name = NameOf(type);
        if (isInput && !type.IsEnum && _names.TryGetValue(name, out var answered) && answered == (type, false))
        {
            name += "Input";
        }
        if (_names.TryAdd(name, (type, isInput)))
        {
            // Reserved before it is built, so that a type may contain itself.
            var schema = build();
            document.AddComponent(name, schema);
        }
        else if (_names[name].Type != type)
        {
            throw new StartupException(
                $"{_names[name].Type.FullName} and {type.FullName} would both be named {name} in the API description. Rename one.");
        }
        return new OpenApiSchemaReference(name, document);
    }

    /// <summary>A reference to a schema that belongs to no type of its own.</summary>
    internal OpenApiSchemaReference Named(string name, Func<OpenApiSchema> build)
    {
        if (document.Components?.Schemas?.ContainsKey(name) is not true)
        {
            document.AddComponent(name, build());
        }
        return new OpenApiSchemaReference(name, document);
    }

    /// <summary>An enumeration by its values as they are written in JSON.</summary>
    internal OpenApiSchemaReference Enumeration(Type type, XmlComments comments) => Reference(type, isInput: false, () => new OpenApiSchema
    {
        Type = JsonSchemaType.String,
        Description = comments.Of(type),
        Enum = WireNames.AllOf(type).Select(name => (JsonNode)JsonValue.Create(name)).ToList(),
    });

    /// <summary>The same, or null.</summary>
    internal static IOpenApiSchema Nullable(IOpenApiSchema schema) => schema switch
    {
        OpenApiSchema { Type: { } type, Enum: null } inline => inline.With(copy => copy.Type = type | JsonSchemaType.Null),
        OpenApiSchema { OneOf: { } alternatives } inline =>
            inline.With(copy => copy.OneOf = [.. alternatives, Schemas.Of(JsonSchemaType.Null)]),
        // Without a type it allows null already.
        OpenApiSchema { Type: null } anything => anything,
        // Not anyOf, of which some client generators make a class.
        _ => new OpenApiSchema { OneOf = [schema, Schemas.Of(JsonSchemaType.Null)] },
    };

    /// <summary>The name of the type's schema.</summary>
    internal static string NameOf(Type type) =>
        type == typeof(Problem.ProblemBody) ? nameof(Problem)
        : type.IsArray ? NameOf(type.GetElementType()!) + "List"
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? NameOf(type.GetGenericArguments()[0]) + "List"
        : !type.IsGenericType ? type.Name
        : $"{type.Name.Split('`')[0]}Of{string.Join("And", type.GetGenericArguments().Select(NameOf))}";
}
