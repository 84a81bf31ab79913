using System.Text.Json;

namespace SalesBrain.Integrations.People;

/// <summary>The fields that a mapping can name.</summary>
internal static class PersonFields
{
    internal const string FullName = "full_name";

    internal static readonly string[] All =
    [
        "external_id", "email", "first_name", "last_name", FullName, "company", "title", "phone", "linkedin_url", "city", "region",
        "country",
    ];

    /// <summary>A person from texts by field. A full name is split where first and last name are missing.</summary>
    internal static SourcePerson Read(
        IReadOnlyDictionary<string, string> texts, string? externalId, string? defaultCountry, JsonElement? data)
    {
        var (first, last) = (PersonText.Name(texts.GetValueOrDefault("first_name")), PersonText.Name(texts.GetValueOrDefault("last_name")));
        if (first is null && last is null && PersonText.Name(texts.GetValueOrDefault(FullName)) is { } full)
        {
            var space = full.LastIndexOf(' ');
            (first, last) = full.Contains(", ", StringComparison.Ordinal) && full.Split(", ", 2) is [var surname, var given] ? (given, surname)
                : space < 0 ? (full, null)
                : (full[..space].TrimEnd(), full[(space + 1)..]);
        }
        var country = PersonText.Name(texts.GetValueOrDefault("country"));
        return new SourcePerson(
            PersonText.ExternalId(texts.GetValueOrDefault("external_id")) ?? externalId, PersonText.Email(texts.GetValueOrDefault("email")),
            false, first, last, PersonText.Name(texts.GetValueOrDefault("company")), PersonText.Name(texts.GetValueOrDefault("title")),
            PersonText.Phone(texts.GetValueOrDefault("phone"), Countries.CodeOf(country) ?? defaultCountry),
            PersonText.LinkedinUrl(texts.GetValueOrDefault("linkedin_url")), PersonText.Name(texts.GetValueOrDefault("city")),
            PersonText.Name(texts.GetValueOrDefault("region")), country, data);
    }
}
