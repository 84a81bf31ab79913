using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Core.Access;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;

namespace SalesBrain.Functions.Http.Binding;

/// <summary>A text that is not blank.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotBlankAttribute : ValidationAttribute
{
    public NotBlankAttribute() => ErrorMessage = "must not be blank";

    public override bool IsValid(object? value) => value is not string text || !string.IsNullOrWhiteSpace(text);
}

/// <summary>An e-mail address.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MailAddressAttribute : ValidationAttribute
{
    public MailAddressAttribute() => ErrorMessage = "must be an e-mail address";

    public override bool IsValid(object? value) => value is not string text || Emails.IsValid(text);
}

/// <summary>An http or https URL without credentials.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WebAddressAttribute : ValidationAttribute
{
    public WebAddressAttribute() => ErrorMessage = "must be an http or https URL without spaces, user name or password";

    public override bool IsValid(object? value) =>
        value is not string text || (!text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter))
            && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0
            && url.UserInfo.Length == 0);
}

/// <summary>A domain name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DomainNameAttribute : ValidationAttribute
{
    public DomainNameAttribute() => ErrorMessage = "must be a domain such as example.com";

    public override bool IsValid(object? value) =>
        value is not string text || (text.Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(text) == UriHostNameType.Dns);
}

/// <summary>A custom JSON object within the limits of <see cref="FreeJson"/>. The binder checks the depth.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class JsonObjectAttribute : ValidationAttribute
{
    public JsonObjectAttribute() => ErrorMessage = "must be a JSON object of at most 32 KiB";

    public override bool IsValid(object? value) =>
        value is not JsonElement json || (json.ValueKind == JsonValueKind.Object && FreeJson.IsSmall(json));
}

/// <summary>Tags, see <see cref="Most"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TagListAttribute : ValidationAttribute
{
    /// <summary>Most tags of a thing.</summary>
    public const int Most = 50;

    /// <summary>Most characters of a tag.</summary>
    public const int MaxLength = 100;

    public TagListAttribute() => ErrorMessage = "must be at most 50 tags of 1 to 100 characters, none of them blank";

    public override bool IsValid(object? value) =>
        value is not string[] tags
            || (tags.Length <= Most && tags.All(tag => !string.IsNullOrWhiteSpace(tag) && CodePoints.Count(tag) <= MaxLength));

    /// <summary>The tags as they are stored: trimmed, each once, in their order.</summary>
    internal static string[] Stored(IEnumerable<string> tags) => [.. tags.Select(tag => tag.Trim()).Distinct(StringComparer.Ordinal)];
}

/// <summary>A role by its name, <c>ROLE_…</c> name or alias, in any letter case.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RoleNameAttribute : ValidationAttribute
{
    public RoleNameAttribute() => ErrorMessage = "must be one of " + string.Join(", ", Roles.All.Select(role => role.Name()));

    public override bool IsValid(object? value) => value switch
    {
        string text => Roles.TryParse(text, out _),
        string[] texts => texts.All(text => Roles.TryParse(text, out _)),
        _ => true,
    };
}

/// <summary>A name of a person or an organization, see <see cref="NameText"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NameTextAttribute : ValidationAttribute
{
    public NameTextAttribute() => ErrorMessage = NameText.Rule;

    public override bool IsValid(object? value) => value is not string text || NameText.IsValid(text);
}

/// <summary>A secret that must stay as it is sent, character by character; other texts are stored in Unicode NFC.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class VerbatimAttribute : Attribute;

/// <summary>An e-mail address that may come in a query string or form, see <see cref="QueryText.WithPlusSigns"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EmailParameterAttribute : Attribute;

/// <summary>
/// A term to search for, literally; normal form, letter case and accents make no difference. In a query string it may be an e-mail address,
/// see <see cref="QueryText.WithPlusSigns"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchTermAttribute : ValidationAttribute
{
    /// <summary>Most characters of a term; the rule itself asks for the fewest.</summary>
    public const int MaxLength = 200;

    public SearchTermAttribute() => ErrorMessage = "must be at least 2 characters, not counting spaces at the start and end";

    public override bool IsValid(object? value) => value is not string text || SearchTerm.IsLongEnough(text);
}

/// <summary>
/// Marks a list of texts that may contain commas. In a query string the parameter is repeated for each. Other lists, such as enumerations
/// and ids, can also be separated by commas.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FreeTextAttribute : Attribute;
