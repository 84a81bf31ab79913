using System.Text.Json;
using SalesBrain.Integrations.Json;
using SalesBrain.Integrations.People;

namespace SalesBrain.Integrations.Apollo;

/// <summary>Reads a person of Apollo's search (few members, the surname obfuscated) or enrichment (all members).</summary>
internal static class ApolloPerson
{
    private static readonly string[] Kept =
        ["email_status", "headline", "seniority", "departments", "has_email", "has_direct_phone", "last_refreshed_at"];

    /// <summary>The person; null if there is nothing that identifies one.</summary>
    internal static SourcePerson? Read(JsonElement person)
    {
        if (person.ValueKind != JsonValueKind.Object || PersonText.ExternalId(person.Text("id")) is not { } id)
        {
            return null;
        }
        var organization = person.Member("organization");
        var country = PersonText.Name(person.Text("country"));
        var phone = person.Member("phone_numbers").Items().Select(number => number.Text("sanitized_number") ?? number.Text("raw_number"))
            .FirstOrDefault(number => number is not null);
        var status = person.Text("email_status");
        var email = status is "unavailable" ? null : PersonText.Email(person.Text("email"));
        return new SourcePerson(
            id, IsPlaceholder(email) ? null : email, !IsPlaceholder(email) && email is not null && status == "verified",
            PersonText.Name(person.Text("first_name")), Surname(person.Text("last_name")), PersonText.Name(organization.Text("name")),
            PersonText.Name(person.Text("title")), PersonText.Phone(phone, Countries.CodeOf(country)),
            PersonText.LinkedinUrl(person.Text("linkedin_url")), PersonText.Name(person.Text("city")),
            PersonText.Name(person.Text("state")), country,
            PersonText.Data(
                [
                    .. Kept.Select(name => PersonText.Member(name, person.Member(name))),
                    PersonText.Member("company_domain", organization.Text("primary_domain")),
                    PersonText.Member("company_size", organization.Member("estimated_num_employees")),
                    PersonText.Member("company_industry", organization.Text("industry")),
                ]));
    }

    /// <summary>A surname is real only if the search did not obfuscate it: <c>Hu***n</c> is no name, in whichever member it is.</summary>
    private static string? Surname(string? name) => name is null || name.Contains('*') ? null : PersonText.Name(name);

    /// <summary>Apollo fills in an address of this kind where an e-mail is locked.</summary>
    private static bool IsPlaceholder(string? email) =>
        email?.StartsWith("email_not_unlocked@", StringComparison.OrdinalIgnoreCase) == true;
}
