using System.Text.Json;

namespace SalesBrain.Integrations.People;

/// <summary>A person as a connection test shows them: which fields were found, not their values.</summary>
internal static class MaskedSample
{
    internal static JsonElement Of(SourcePerson person)
    {
        var fields = new Dictionary<string, string?>
        {
            ["external_id"] = Mask(person.ExternalId),
            ["email"] = person.Email is { } email ? $"{Mask(email[..email.IndexOf('@')])}@{Mask(email[(email.IndexOf('@') + 1)..])}" : null,
            ["first_name"] = Mask(person.FirstName),
            ["last_name"] = Mask(person.LastName),
            ["company"] = Mask(person.Company),
            ["title"] = Mask(person.Title),
            ["phone"] = Mask(person.Phone),
            ["linkedin_url"] = person.LinkedinUrl is null ? null : "https://***",
            ["city"] = Mask(person.City),
            ["region"] = Mask(person.Region),
            ["country"] = Mask(person.Country),
        };
        return JsonSerializer.SerializeToElement(fields.Where(field => field.Value is not null).ToDictionary());
    }

    private static string? Mask(string? text) => text is null ? null : text.Length > 3 ? $"{text[0]}***" : "***";
}
