using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using SalesBrain.Core.Values;

namespace SalesBrain.Functions.Conversations;

/// <summary>What a message says.</summary>
public abstract record MessageFields : IValidatableObject
{
    /// <summary>The text. Either this or template.</summary>
    [StringLength(4096, MinimumLength = 1)]
    [NotBlank]
    public string? Text { get; init; }

    /// <summary>
    /// A template that WhatsApp has approved: the only message that may be sent more than 24 hours after the person last wrote.
    /// </summary>
    public MessageTemplate? Template { get; init; }

    /// <summary>
    /// The caller's id of the message. Sending again with the same id in the same conversation sends nothing, and returns the message as it
    /// is.
    /// </summary>
    [StringLength(200, MinimumLength = 1)]
    [NotBlank]
    public string? ClientMessageId { get; init; }

    /// <summary>The id of the message of the conversation that this one answers.</summary>
    public Guid? ReplyTo { get; init; }

    /// <inheritdoc/>
    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if ((Text is null) == (Template is null))
        {
            yield return new("send either text or template", [nameof(Text)]);
        }
    }
}

public sealed record MessageTemplate
{
    /// <summary>The name of the template.</summary>
    [StringLength(512, MinimumLength = 1)]
    [NotBlank]
    public required string Name { get; init; }

    /// <summary>The code of its language, such as <c>en_US</c>.</summary>
    [RegularExpression("^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$", ErrorMessage = "must be the code of a language, such as en_US")]
    [StringLength(20)]
    public required string Language { get; init; }

    /// <summary>The values of the template's header, body and buttons, as WhatsApp's API takes them.</summary>
    [TemplateComponents]
    public JsonElement? Components { get; init; }

    /// <summary>As WhatsApp's API takes it.</summary>
    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["name"] = Name, ["language"] = new JsonObject { ["code"] = Language } };
        if (Components is { } components)
        {
            json["components"] = JsonNode.Parse(components.GetRawText());
        }
        return json;
    }
}

/// <summary>
/// An array of components of a template: objects with a type and, if they have any, an array of parameters, which are objects with a type.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TemplateComponentsAttribute : ValidationAttribute
{
    private const int MaxComponents = 20;
    private const int MaxParameters = 100;

    public TemplateComponentsAttribute() => ErrorMessage =
        "must be an array of at most 20 objects with a type, whose parameters, if any, are an array of at most 100 objects with a type; "
        + "together at most 32 KiB";

    public override bool IsValid(object? value) => value is not JsonElement json
        || (AreTyped(json, MaxComponents) && FreeJson.IsSmall(json)
            && json.EnumerateArray().All(
                component => !component.TryGetProperty("parameters", out var parameters) || AreTyped(parameters, MaxParameters)));

    private static bool AreTyped(JsonElement json, int most) =>
        json.ValueKind == JsonValueKind.Array && json.GetArrayLength() <= most
        && json.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("type", out var type)
            && type.ValueKind == JsonValueKind.String && type.GetString() is { Length: > 0 and <= 64 });
}
